#include "common/energy/devices/memory_fit.hpp"

#include <optional>

namespace fedgram::energy {

namespace {

std::uint64_t over(std::uint64_t need, const std::optional<Figure>& limit)
{
    if (!limit) return 0;
    const auto bytes = static_cast<std::uint64_t>(limit->value);
    return need > bytes ? need - bytes : 0;
}

bool has_weights_in_ram(const InferenceProfile& device) { return device.ram_bytes && !device.flash_bytes; }

std::string bytes_text(const Figure& limit) { return std::to_string(static_cast<std::uint64_t>(limit.value)); }

}  // namespace

MemoryFit memory_fit(const InferenceProfile& device, const MemoryNeed& need)
{
    const auto in_ram = need.activation_bytes + (has_weights_in_ram(device) ? need.model_bytes : 0);
    return {over(need.model_bytes, device.flash_bytes), over(in_ram, device.ram_bytes)};
}

std::string misfit_text(const InferenceProfile& device, const MemoryNeed& need)
{
    const auto fit = memory_fit(device, need);
    std::string text;
    if (fit.flash_over > 0)
        text = "a model of " + std::to_string(need.model_bytes) + " bytes is " + std::to_string(fit.flash_over) +
               " too large for the flash of " + bytes_text(*device.flash_bytes);
    if (fit.ram_over > 0)
        text += (text.empty() ? "" : "; ") + need.peak_operator + " holds " + std::to_string(need.activation_bytes) +
                " bytes of activations" +
                (has_weights_in_ram(device) ? " beside " + std::to_string(need.model_bytes) + " of the model" : "") +
                ", " + std::to_string(fit.ram_over) + " more than the RAM of " + bytes_text(*device.ram_bytes);
    return text.empty() ? text : device.id + ": " + text;
}

}  // namespace fedgram::energy
