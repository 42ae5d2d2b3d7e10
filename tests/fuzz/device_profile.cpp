// A device profile: read, and written so that it reads back equal. A profile for inference: read, and its rates within
// their bands. A profile of a server: as the first, and its power doesn't fall as the load rises.

#include "common/energy/devices/device_profile.hpp"
#include "common/energy/devices/inference_profile.hpp"
#include "common/energy/devices/serving_profile.hpp"

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/parse.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;

namespace {

void read_inference_profile(const nlohmann::ordered_json& json)
{
    const auto profile = energy::parse_inference_profile(json, "device.json: device");
    for (const auto type : {spec::NumberType::fp32, spec::NumberType::int8})
        if (const auto rate = profile.rate(type))
            fuzz::require(rate->active_w.low.value_or(rate->active_w.value) <= rate->active_w.value,
                          "a rate lies within its band");
}

void read_serving_profile(const nlohmann::ordered_json& json)
{
    const auto profile = energy::parse_serving_profile(json, "device.json: device");
    const auto written = to_json(profile);
    fuzz::require(to_json(energy::parse_serving_profile(written, "again")) == written,
                  "a profile that is written reads back equal");
    const auto numbers = profile.rates.front().arithmetic;
    for (const double share : {0.05, 0.1, 0.5, 1.0})
        fuzz::require(profile.power(numbers, share) >= profile.power(numbers, share / 2),
                      "power doesn't fall as the load rises");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    fuzz::allow_refusal<SpecError>([&] {
        const auto json = spec::parse_json_text(fuzz::text_of(data, size), "device.json");
        if (energy::is_serving_profile(json)) return read_serving_profile(json);
        if (energy::is_inference_profile(json)) return read_inference_profile(json);
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
