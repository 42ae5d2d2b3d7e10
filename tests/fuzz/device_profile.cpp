// A device profile: read, and written so that it reads back equal.

#include "common/energy/devices/device_profile.hpp"

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/parse.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::allow_refusal<SpecError>([&] {
        const auto json = spec::parse_json_text(fuzz::text_of(data, size), "device.json");
        const auto written = to_json(energy::parse_device_profile(json, "device.json: device"));
        try {
            const auto again = spec::parse_json_text(written.dump(), "again");
            fuzz::require(to_json(energy::parse_device_profile(again, "again")) == written,
                          "a profile that is written reads back equal");
        } catch (const SpecError& error) {
            throw fuzz::BrokenProperty{std::string{"a profile that was read is refused once written: "} + error.what()};
        }
    });
    return 0;
}
