#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/energy/devices/figure.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::energy {

enum class DeviceClass { datacenter, edge };

/// A device as data: what turns Work into seconds and joules (roofline.hpp), and what its making cost.
struct DeviceProfile {
    std::string id;    ///< "jetson-tx2"
    std::string name;  ///< "NVIDIA Jetson TX2"
    DeviceClass device_class = DeviceClass::edge;
    std::string boundary;  ///< what the watts enclose: "chip", "module", "board" or "wall"

    Figure idle_w;            ///< waiting for the round
    Figure train_w;           ///< training, evaluating, aggregating
    Figure network_w;         ///< sending or receiving: the device's own draw, not the router's
    Figure sustained_gflops;  ///< reached in training, 1e9 FLOPs a second
    Figure memory_gb_s;       ///< 1e9 bytes a second
    Figure step_overhead_s;   ///< launch and dispatch of one optimizer step

    std::optional<Figure> embodied_kgco2e;  ///< from making the device
    std::optional<Figure> lifetime_years;   ///< in use
    std::optional<Figure> price_usd;
    std::optional<Figure> rental_usd_per_hour;  ///< of a cloud's instance that has this device, on demand

    [[nodiscard]] Watts idle_power() const { return Watts{idle_w.value}; }
    [[nodiscard]] Watts train_power() const { return Watts{train_w.value}; }
    [[nodiscard]] Watts network_power() const { return Watts{network_w.value}; }
    [[nodiscard]] double flops_per_second() const { return sustained_gflops.value * 1e9; }
    [[nodiscard]] double memory_bytes_per_second() const { return memory_gb_s.value * 1e9; }
    [[nodiscard]] Seconds step_overhead() const { return Seconds{step_overhead_s.value}; }

    /// The figures that are there, in the order of the file.
    [[nodiscard]] std::vector<const Figure*> figures() const;
};

/// One of the figures that turn Work into seconds and joules.
struct PricingFigure {
    std::string_view key;
    Figure DeviceProfile::*member;
    spec::NumberRange range;
};

/// All of them, in the order of the file.
[[nodiscard]] std::span<const PricingFigure> pricing_figures();

/// `path` is how errors name the object ("v100.json: device"). Throws SpecError: unknown or missing keys, a figure
/// that is negative, not finite or without a source, a band that doesn't hold its value.
[[nodiscard]] DeviceProfile parse_device_profile(const nlohmann::ordered_json& json, const std::string& path);

/// Parses back to the same profile.
[[nodiscard]] nlohmann::ordered_json to_json(const DeviceProfile& profile);

}  // namespace fedgram::energy
