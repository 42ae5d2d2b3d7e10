#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/energy/devices/device_profile.hpp"
#include "common/energy/work/work.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::experiments {

/// What a measured row is for: a figure of the profile was fitted to it; it is held against the profile; or it is shown
/// beside it and counts nowhere, for the reason that its note gives.
enum class RowUse { fitted, checked, shown };

[[nodiscard]] std::string_view name(RowUse use);

/// One step (or one inference) of a network on a device, as somebody measured it.
struct MeasuredRow {
    std::string network;  ///< of common/learning/networks, or a built-in model
    bool inference = false;
    std::uint64_t batch{};
    std::string optimizer;  ///< empty for an inference
    energy::Work work;      ///< of the step
    energy::Execution execution = energy::Execution::eager;
    std::optional<double> power_limit_w;
    std::optional<double> seconds;
    std::optional<std::string> seconds_of;  ///< a device: `seconds` is then the ratio to that device's, same work
    std::optional<double> watts;
    RowUse use = RowUse::checked;
    std::string note;  ///< may be empty
};

/// Rows of one source.
struct MeasurementSet {
    std::string source;
    std::string licence;
    std::vector<MeasuredRow> rows;
};

/// Measurements of one device.
struct Measurements {
    std::string device;
    std::vector<MeasurementSet> sets;
};

/// A file of measurements: `device` and `sets`, each with `source`, `licence` and `rows`; a set's `optimizer_launches`
/// ("per_tensor", "multi_tensor") holds for its rows. A row has `network`, `batch` and `use`, at least one of `seconds`
/// (of a step) and `watts` (mean), and where it is a training its `optimizer` ("sgd", "momentum", "adam", "adamw",
/// "adadelta"); it may have `pass` ("train", "inference"), `execution`, `power_limit_w`, `seconds_of` and `note`.
/// `where` is how errors name it. Throws SpecError.
[[nodiscard]] Measurements parse_measurements(const nlohmann::ordered_json& json, const std::string& where);

struct NamedStep {
    energy::Work work;
    std::string name;  ///< "resnet-50, batches of 64"
};

/// One step as the keys `network`, `batch`, `pass`, `optimizer` and `optimizer_launches` of an object state it.
[[nodiscard]] NamedStep step_of(spec::StrictObject& object);

/// The ids of the devices that have measurements of record.
[[nodiscard]] std::vector<std::string> measured_devices();

/// Those of a device, by its id. Throws SpecError where there are none.
[[nodiscard]] Measurements measurements_of_record(const std::string& device);

}  // namespace fedgram::experiments
