// The section `accounting` of a specification: resolved, and resolved again without a change.

#include "common/carbon/assumptions/accounting.hpp"

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/parse.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;
using Json = nlohmann::ordered_json;

namespace {

Json device(const std::string& id)
{
    if (id.size() > 12) throw SpecError{"device \"" + id + "\" is unknown"};
    const Json figure{{"value", 1.5}, {"standing", "assumed"}, {"source", "made up"}};
    return {{"id", id},
            {"name", id},
            {"class", "edge"},
            {"boundary", "board"},
            {"figures",
             {{"idle_w", figure},
              {"train_w", figure},
              {"network_w", figure},
              {"sustained_gflops", figure},
              {"memory_gb_s", figure},
              {"step_overhead_s", figure}}}};
}

carbon::GridIntensity country(const std::string& code)
{
    if (code.size() != 3) throw SpecError{"country \"" + code + "\" is unknown"};
    return {code, code, GramsPerKilowattHour{100}, 2024, "lifecycle", "made up"};
}

Json network(const std::string& id) { throw SpecError{"\"" + id + "\" is no figure of record"}; }

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const carbon::AccountingLookup lookup{device, country, network};
    fuzz::allow_refusal<SpecError>([&] {
        const auto section = spec::parse_json_text(fuzz::text_of(data, size), "accounting.json");
        const auto resolved = carbon::resolve_accounting(section, lookup);
        try {
            const auto again = spec::parse_json_text(resolved.dump(), "again");
            fuzz::require(carbon::resolve_accounting(again, lookup) == resolved, "a resolved section stays as it is");
        } catch (const SpecError& error) {
            throw fuzz::BrokenProperty{std::string{"a resolved section is refused: "} + error.what()};
        }
    });
    return 0;
}
