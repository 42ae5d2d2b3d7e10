#include "experiments/commands/devices.hpp"

#include <algorithm>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "common/energy/devices/device_profile.hpp"
#include "common/energy/devices/inference_profile.hpp"
#include "common/energy/devices/serving_profile.hpp"
#include "common/files/files.hpp"
#include "common/report/render/render.hpp"
#include "common/spec/parse.hpp"
#include "common/text/nearest_names.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/inference_text.hpp"
#include "experiments/commands/serving_text.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/lookup/record_lookup.hpp"
#include "experiments/lookup/serving_lookup.hpp"
#include "experiments/validation/check_report.hpp"
#include "experiments/validation/device_check.hpp"

namespace fedgram::experiments {

using nlohmann::ordered_json;

namespace {

std::string optional_number(const ordered_json& figure, const std::string& key)
{
    return figure.contains(key) ? text::shortest(figure.at(key).get<double>()) : "-";
}

// A device profile, which a server of the same id stands beside. A file is of one kind.
bool is_of_record(const std::string& id)
{
    return std::ranges::any_of(device_ids(), [&](const auto& one) { return text::lower(one) == text::lower(id); });
}

int show_all(bool json)
{
    auto list = ordered_json::array();
    text::TextTable table{
        {"id", "name", "class", "full W", "sustained GFLOP/s", "these are", "J off by, median (worst)", "rows"}};
    for (const auto& id : device_ids()) {
        const auto record = device_json(id);
        const auto profile = energy::parse_device_profile(record, id);
        table.add({profile.id, profile.name, record.at("class").get<std::string>(),
                   text::shortest(profile.full_w.value), text::shortest(profile.sustained_gflops.value),
                   std::string{energy::name(profile.full_w.evidence)} + ", " +
                       std::string{energy::name(profile.sustained_gflops.evidence)},
                   profile.validation ? text::fixed(profile.validation->joules.median, 2) + " (" +
                                            text::fixed(profile.validation->joules.worst, 2) + ")"
                                      : "unvalidated",
                   profile.validation ? std::to_string(profile.validation->rows) : "-"});
        list.push_back(record);
    }
    if (json) {
        std::cout << list.dump(2) << "\n";
        return 0;
    }
    std::vector<energy::InferenceProfile> inference;
    for (const auto& id : inference_device_ids()) inference.push_back(*find_inference_device(id));
    std::vector<energy::ServingProfile> serving;
    for (const auto& id : serving_ids()) serving.push_back(*find_serving_profile(id));
    std::cout << table.text() << "\n" << inference_list_text(inference) << "\n" << serving_list_text(serving);
    return 0;
}

int show_inference(const ordered_json& record, const DevicesOptions& options)
{
    const auto profile = energy::parse_inference_profile(record, options.id + ": device");
    std::cout << (options.json ? record.dump(2) + "\n" : inference_text(profile));
    return 0;
}

int show_serving(const ordered_json& record, const DevicesOptions& options)
{
    const auto profile = energy::parse_serving_profile(record, options.id + ": device");
    std::cout << (options.json ? record.dump(2) + "\n" : serving_text(profile));
    return 0;
}

int show_check(const energy::DeviceProfile& profile, const DevicesOptions& options)
{
    const auto measurements = options.measurements.empty()
                                  ? measurements_of_record(profile.id)
                                  : parse_measurements(spec::parse_json_text(files::read_file(options.measurements),
                                                                             options.measurements.string()),
                                                       options.measurements.string());
    const auto check = check_device(profile, measurements, device);
    std::cout << (options.json ? check_json(profile, measurements, check).dump(2) + "\n"
                               : check_text(profile, measurements, check));
    return 0;
}

}  // namespace

int devices(const DevicesOptions& options)
{
    if (options.id.empty()) return show_all(options.json);
    const auto serving = find_serving_json(options.id);
    if (serving && !options.check && !is_of_record(options.id)) return show_serving(*serving, options);
    const auto inference = find_inference_json(options.id);
    if (inference && !options.check && !has_device_profile(options.id)) return show_inference(*inference, options);
    const auto record = device_json(options.id);
    const auto profile = energy::parse_device_profile(record, options.id + ": device");
    if (options.check) return show_check(profile, options);
    if (options.json) {
        std::cout << record.dump(2) << "\n";
        return 0;
    }
    text::TextTable table{{"figure", "value", "low", "high", "standing", "source"}};
    for (const auto& [name, figure] : record.at("figures").items())
        table.add({name, optional_number(figure, "value"), optional_number(figure, "low"),
                   optional_number(figure, "high"), figure.at("standing").get<std::string>(),
                   figure.at("source").get<std::string>()});
    std::cout << profile.id << ": " << profile.name << " (" << record.at("class").get<std::string>()
              << "; watts enclose the " << profile.boundary << ")\n"
              << table.text() << "Beside measurements: " << report::validation_text(profile) << ".\n";
    if (serving) {
        std::cout << "\n";
        return show_serving(*serving, options);
    }
    if (!inference) return 0;
    std::cout << "\n";
    return show_inference(*inference, options);
}

void add_devices(CommandSet& commands)
{
    const auto options = std::make_shared<DevicesOptions>();
    const auto sub = commands.add("devices", "List the device profiles, or the figures of one with their sources",
                                  "  fedgram devices\n"
                                  "  fedgram devices jetson-tx2\n"
                                  "  fedgram devices nucleo-u575zi-q\n"
                                  "  fedgram devices tpu-v1\n"
                                  "  fedgram devices v100 --check\n"
                                  "  fedgram devices my-device.json --check --measurements my-rows.json",
                                  devices, options);
    auto ids = device_ids();
    for (auto& id : inference_device_ids())
        if (!has_device_profile(id)) ids.push_back(std::move(id));
    for (auto& id : serving_ids())
        if (!has_device_profile(id)) ids.push_back(std::move(id));
    const auto id = sub.option("id", &options->id, "A device profile: an id, or the path of a .json file")
                        .type_name("ID")
                        .suggests(ids);
    const auto check = sub.flag("--check", &options->check, "Show what it models beside what was measured").needs(id);
    sub.option("--measurements", &options->measurements, "Measured rows of your own (default: those of record)")
        .type_name("FILE")
        .needs(check);
    add_json(sub, options->json);
}

}  // namespace fedgram::experiments
