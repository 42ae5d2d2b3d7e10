#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/carbon/assumptions/region_table.hpp"
#include "common/carbon/grid/country_names.hpp"
#include "common/carbon/grid/grid.hpp"
#include "common/carbon/grid/hourly_grid.hpp"
#include "common/energy/devices/device_profile.hpp"
#include "common/energy/devices/figure.hpp"
#include "common/energy/devices/inference_device.hpp"
#include "common/energy/devices/inference_profile.hpp"
#include "common/fleet/fleet.hpp"
#include "common/report/table/published.hpp"

namespace fedgram::experiments {

/// What the countries are called.
[[nodiscard]] carbon::CountryNames country_names();

/// The countries of record.
[[nodiscard]] carbon::GridTable grid_table();

/// What a shell offers for a country: the codes of those of record, then their names.
[[nodiscard]] std::vector<std::string> grid_country_words();

/// The countries of a file of the user's, in the form of grid_intensity.csv. Throws SpecError when it isn't there,
/// DataError when it is damaged.
[[nodiscard]] carbon::GridTable grid_table(const std::string& path);

/// The cloud regions, states and grid subregions of record.
[[nodiscard]] carbon::RegionTable region_table();

/// Names of the hourly series of record: "US-CAL-CISO".
[[nodiscard]] std::vector<std::string> hourly_series_names();

/// Whether this is the name of an hourly series of record, in upper or lower case.
[[nodiscard]] bool is_hourly_of_record(const std::string& name_or_path);

/// An hourly series by its name of record, or by the path of a file of the user's, which is read as the options say
/// (see read_hourly) and named by its file name; with its basis and source. Throws SpecError: an unknown name (lists
/// the known ones), a file that isn't there, an option that the series has no use for; DataError: a damaged file.
[[nodiscard]] carbon::HourlyRecord hourly_record(const std::string& name_or_path,
                                                 const carbon::HourlyFileOptions& options = {});

/// Basis, licence and attribution of a source that a grid intensity or a PUE of record names.
[[nodiscard]] nlohmann::ordered_json grid_source(const std::string& id);

/// The attribution that a source of record asks for; nothing for a source of the user's own.
[[nodiscard]] std::optional<std::string> grid_attribution(const std::string& source);

/// Why an intensity of this source is 0: as a source of record gives the reason, else that it is stated so.
[[nodiscard]] std::string zero_grid_reason(const std::string& source);

/// "2021 and 2022, for which the source lists 0: ...": values of a region that the record leaves out, and why.
[[nodiscard]] std::optional<std::string> left_out_of_region(const std::string& region_id);

/// Ids of the device profiles of record.
[[nodiscard]] std::vector<std::string> device_ids();

/// A device profile as it is written, by its id in upper or lower case, or by the path of a file of the user's (it
/// holds a '/' or ends in
/// ".json"). Throws SpecError: an unknown id (lists the known ones), one that is for inference only, a file that isn't
/// there or is no JSON.
[[nodiscard]] nlohmann::ordered_json device_json(const std::string& id_or_path);

/// The same, parsed. Throws SpecError as above, and for a wrong profile with its file and key.
[[nodiscard]] energy::DeviceProfile device(const std::string& id_or_path);

/// Ids of the devices of record whose inference is known. Some have a device profile, too.
[[nodiscard]] std::vector<std::string> inference_device_ids();

/// What is known of a device's inference, as it is written, by its id in upper or lower case or by the path of a file
/// of the user's; nothing where neither is of that kind. Throws SpecError for a file that is no JSON.
[[nodiscard]] std::optional<nlohmann::ordered_json> find_inference_json(const std::string& id_or_path);

/// The same, parsed. Throws SpecError for a wrong profile, too, with its file and key.
[[nodiscard]] std::optional<energy::InferenceProfile> find_inference_device(const std::string& id_or_path);

/// Whether it is the id of a device profile of record, or the path of a file that is none for inference.
[[nodiscard]] bool has_device_profile(const std::string& id_or_path);

/// A device that answers requests, by all that is known of it. Throws SpecError as `device` does.
[[nodiscard]] energy::InferenceDevice inference_device(const std::string& id_or_path);

/// A figure of record for the network's kWh per GB, in upper or lower case. Throws SpecError for an unknown id (lists
/// the known ones).
[[nodiscard]] energy::Figure network_figure(const std::string& id);

/// Throws SpecError for an unknown id (lists the known ones).
[[nodiscard]] report::PublishedTable published_table(const std::string& id);

/// The published table that stands beside ours, if there is one. Throws SpecError as above, with the key.
[[nodiscard]] std::optional<report::PublishedTable> published_beside(const carbon::Accounting& accounting);

/// What the names in a spec's section `accounting` stand for.
[[nodiscard]] carbon::AccountingLookup accounting_lookup();

/// A fleet of so many nodes, with `link` where a group states none, from a .json file: its list of groups, or an object
/// whose only key `fleet` has it. Throws SpecError that names file and key.
[[nodiscard]] fleet::Fleet fleet_of_file(const std::string& path, std::uint64_t seed, std::uint32_t nodes,
                                         const energy::Link& link);

/// The section `accounting`, with its names looked up in the data of record; a published table is checked to be there.
/// Throws as carbon::parse_accounting does.
[[nodiscard]] carbon::Accounting read_accounting(const nlohmann::ordered_json& section);

}  // namespace fedgram::experiments
