#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/energy/devices/arithmetic.hpp"
#include "common/energy/devices/device_profile.hpp"
#include "common/energy/devices/figure.hpp"
#include "common/energy/devices/inference_profile.hpp"
#include "common/energy/devices/served_form.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::energy {

/// How fast a device multiplies numbers of one kind where it has enough to do.
struct ServingRate {
    Arithmetic arithmetic = Arithmetic::fp32;
    Figure gmac_per_s;               ///< 1e9 multiply-accumulates a second
    std::optional<Figure> busy_w{};  ///< nothing: the profile's
};

/// What a device needs to answer batches of requests, as data: a GPU, an FPGA, an ASIC. What has no device profile of
/// the same id can't train, or nobody knows what that takes.
struct ServingProfile {
    std::string id;    ///< "tpu-v1"; a device profile of the same id is of the same device
    std::string name;  ///< "Google TPU v1"
    DeviceClass device_class = DeviceClass::datacenter;
    std::string boundary;            ///< what the watts enclose: "chip", "module", "board" or "wall"
    std::vector<ServingRate> rates;  ///< at least one; numbers without a rate are none that it is able to compute

    Figure floor_s;                       ///< of each call, whatever its batch: host, launch, transfer
    std::optional<Figure> memory_gb_s;    ///< 1e9 bytes a second; nothing: the rates were measured with it in them
    std::optional<Figure> memory_bytes;   ///< for weights and activations
    std::optional<Figure> on_chip_bytes;  ///< activations that fit into it aren't moved through its memory
    std::optional<Figure> weights_on_chip_bytes;  ///< of its weights so many are kept there, and read no more
    std::optional<Figure> largest_batch;          ///< nothing: whatever its memory holds
    std::optional<Figure> idle_w;                 ///< waiting for requests, ready to answer
    std::optional<Figure> busy_w;                 ///< answering all the time
    std::optional<Figure> tenth_of_load_w;      ///< answering a tenth of the time; nothing: on the line between the two
    std::optional<Figure> rental_usd_per_hour;  ///< of a cloud's instance that has this device, on demand
    std::optional<Figure> client_s;             ///< what its clients saw of an answer, network and queue included
    std::optional<Figure> cores;  ///< that answer batches side by side; nothing: it takes one after the other

    std::vector<ServedForm> forms{};  ///< of models that were measured in a server on it, each once

    /// Nothing where it isn't able to compute in such numbers.
    [[nodiscard]] const ServingRate* rate(Arithmetic arithmetic) const;

    /// Nothing where no model of so many multiply-accumulates and bytes of weights was measured.
    [[nodiscard]] const ServedForm* form(Arithmetic arithmetic, std::uint64_t macs, std::uint64_t weight_bytes) const;

    /// Mean watts of a device that is busy for so much of the time, from 0 to 1, with numbers of one kind: a line from
    /// idle_w to busy_w, bent where tenth_of_load_w is known. Without idle_w only what being busy takes counts. Nothing
    /// where busy_w isn't known.
    [[nodiscard]] std::optional<Watts> power(Arithmetic arithmetic, double busy_share) const;
};

/// Whether the object is such a profile, of whatever quality: it has `rates`.
[[nodiscard]] bool is_serving_profile(const nlohmann::ordered_json& json);

/// `path` is how errors name the object. Throws SpecError: unknown or missing keys, a figure out of range, watts that
/// fall as the load rises, a largest batch or cores that aren't whole, forms without cores, two of one model.
[[nodiscard]] ServingProfile parse_serving_profile(const nlohmann::ordered_json& json, const std::string& path);

/// Parses back to the same profile.
[[nodiscard]] nlohmann::ordered_json to_json(const ServingProfile& profile);

/// What answers one sample after the other, as a server: a batch of b takes b times as long as one, in the numbers that
/// it has a measured rate of. Its RAM and flash are a matter of memory_fit.hpp. Nothing where it has no rate.
[[nodiscard]] std::optional<ServingProfile> one_by_one(const InferenceProfile& profile);

}  // namespace fedgram::energy
