// The section `accounting` of a specification: read, written, and read again without a change.

#include "common/carbon/assumptions/accounting.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/parse.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;
namespace {

energy::DeviceProfile device(const std::string& id)
{
    const bool has_control = std::any_of(id.begin(), id.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
    if (id.size() > 12 || has_control) throw SpecError{"device \"" + id + "\" is unknown"};
    energy::DeviceProfile profile;
    profile.id = profile.name = id;
    profile.boundary = "board";
    for (const auto& figure : energy::pricing_figures())
        profile.*figure.member = {1.5, {}, {}, energy::EvidenceLevel::assumed, "made up"};
    return profile;
}

carbon::GridIntensity country(const std::string& code)
{
    if (code.size() != 3) throw SpecError{"country \"" + code + "\" is unknown"};
    return {code, code, GramsPerKilowattHour{100}, 2024, "lifecycle", "made up"};
}

energy::Figure network(const std::string& id) { throw SpecError{"\"" + id + "\" is no figure of record"}; }

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const auto lookup = [] {
        auto names = carbon::no_names();
        names.device = device;
        names.country = country;
        names.network = network;
        return names;
    }();
    fuzz::allow_refusal<SpecError>([&] {
        const auto section = spec::parse_json_text(fuzz::text_of(data, size), "accounting.json");
        const auto written = to_json(carbon::parse_accounting(section, lookup));
        try {
            const auto again = carbon::parse_accounting(spec::parse_json_text(written.dump(), "again"), lookup);
            fuzz::require(to_json(again) == written, "a section that was written stays as it is");
        } catch (const SpecError& error) {
            throw fuzz::BrokenProperty{std::string{"a section that was written is refused: "} + error.what()};
        }
    });
    return 0;
}
