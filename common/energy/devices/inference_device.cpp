#include "common/energy/devices/inference_device.hpp"

#include <nlohmann/json.hpp>

#include "common/spec/strict_object.hpp"

namespace fedgram::energy {

using Json = nlohmann::ordered_json;

std::optional<Watts> InferenceDevice::idle_power() const
{
    if (inference && inference->idle_w) return Watts{inference->idle_w->value};
    return profile ? std::optional{profile->idle_power()} : std::nullopt;
}

InferenceDevice parse_inference_device(const Json& json, const std::string& path)
{
    if (is_inference_profile(json)) return {.inference = parse_inference_profile(json, path)};
    if (!json.is_object() || (!json.contains("profile") && !json.contains("inference")))
        return {.profile = parse_device_profile(json, path)};
    spec::StrictObject object{json, path};
    InferenceDevice device;
    if (const auto* profile = object.find("profile"))
        device.profile = parse_device_profile(*profile, object.path_of("profile"));
    if (const auto* inference = object.find("inference"))
        device.inference = parse_inference_profile(*inference, object.path_of("inference"));
    object.finish();
    return device;
}

Json to_json(const InferenceDevice& device)
{
    Json json;
    if (device.profile) json["profile"] = to_json(*device.profile);
    if (device.inference) json["inference"] = to_json(*device.inference);
    return json;
}

}  // namespace fedgram::energy
