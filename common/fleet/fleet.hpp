#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/carbon/assumptions/accounting_lookup.hpp"
#include "common/carbon/assumptions/places.hpp"
#include "common/carbon/grid/grid.hpp"
#include "common/energy/pricing/node_devices.hpp"
#include "common/fleet/availability.hpp"
#include "common/spec/experiment.hpp"

namespace fedgram::fleet {

/// What the nodes of a federated training are, and where. All of it follows from (seed, node).
struct Fleet {
    energy::NodeDevices devices;
    /// Of each group, in the order of devices.groups(): nothing where it is in the table row's country.
    std::vector<std::optional<carbon::GridIntensity>> places;
    std::vector<Availability> availability;  ///< of each group
    std::vector<double> utc_offsets_h;       ///< of each group's clocks

    /// One group whose nodes are all alike.
    [[nodiscard]] bool is_of_one_kind() const;
    /// Some nodes aren't always there.
    [[nodiscard]] bool has_hours() const;
    /// Its name, or its device's where it has but one kind.
    [[nodiscard]] std::string name() const;
};

/// What a fleet is read with.
struct FleetContext {
    std::uint64_t seed = 1;   ///< the experiment's
    std::uint32_t nodes = 1;  ///< that the training has
    const carbon::Places& places;
    const carbon::AccountingLookup& lookup;
    energy::Link link{20, 10};  ///< of a group that states none
};

/// The value of a training's key `fleet`: a list of groups. Each has a `device` (an id or path that is looked up, or a
/// profile) and a `share` of the nodes, or a number of `nodes`; a `name` where two have the same device; and, if
/// wanted, `link` (download_mbit_s, upload_mbit_s, download_deviation, upload_deviation), `speed_deviation`, `place` (a
/// country, a "provider:region", a grid by the hour, an object), `availability` and the `utc_offset_h` of its clocks.
/// `path` is how errors name it. Throws SpecError, and DataError for a wrong file of hours.
[[nodiscard]] Fleet parse_fleet(const nlohmann::ordered_json& groups, const std::string& path,
                                const FleetContext& context);

/// The same of a resolved specification, which stands for itself.
[[nodiscard]] Fleet parse_resolved_fleet(const nlohmann::ordered_json& groups, const std::string& path,
                                         std::uint64_t seed, std::uint32_t nodes);

/// The nodes of the section `accounting`, which are of one kind; in the first of its node_places where it has any.
[[nodiscard]] Fleet one_kind(const carbon::Accounting& accounting);

/// Whether what the nodes are, and when they are there, decides who takes part in a round or when it ends. Otherwise a
/// run may be priced on any fleet.
[[nodiscard]] bool decides(const spec::Federated& rule, const Fleet* fleet);

/// Throws SpecError for a training with privacy whose fleet decides who takes part: no accountant knows that draw.
/// `path` is the training's.
void check_private_draw(const spec::Federated& rule, const Fleet* fleet, const std::string& path);

/// The time of day, UTC, at which virtual time begins.
[[nodiscard]] double time_of_day_s(const spec::Federated& rule);

/// That of a training of a resolved experiment, its devices' kernels launched as `accounting` has it; nothing where all
/// of its nodes are alike and decide nothing, or it is centralized.
[[nodiscard]] std::optional<Fleet> fleet_of(const spec::Experiment& experiment, const spec::Training& training,
                                            const carbon::Accounting& accounting);

/// Parses back to the same fleet, without names to be looked up.
[[nodiscard]] nlohmann::ordered_json to_json(const Fleet& fleet);

}  // namespace fedgram::fleet
