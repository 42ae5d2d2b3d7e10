#include "experiments/commands/devices.hpp"

#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "common/energy/devices/device_profile.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/lookup/record_lookup.hpp"

namespace fedgram::experiments {

using nlohmann::ordered_json;

namespace {

std::string optional_number(const ordered_json& figure, const std::string& key)
{
    return figure.contains(key) ? text::shortest(figure.at(key).get<double>()) : "-";
}

int show_all(bool json)
{
    auto list = ordered_json::array();
    text::TextTable table{{"id", "name", "class", "training W", "sustained GFLOP/s", "these are"}};
    for (const auto& id : device_ids()) {
        const auto record = device_json(id);
        const auto profile = energy::parse_device_profile(record, id);
        table.add({profile.id, profile.name, record.at("class").get<std::string>(),
                   text::shortest(profile.train_w.value), text::shortest(profile.sustained_gflops.value),
                   std::string{energy::name(profile.train_w.evidence)} + ", " +
                       std::string{energy::name(profile.sustained_gflops.evidence)}});
        list.push_back(record);
    }
    std::cout << (json ? list.dump(2) + "\n" : table.text());
    return 0;
}

}  // namespace

int devices(const DevicesOptions& options)
{
    if (options.id.empty()) return show_all(options.json);
    const auto record = device_json(options.id);
    const auto profile = energy::parse_device_profile(record, options.id + ": device");
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
              << table.text();
    return 0;
}

void add_devices(CommandSet& commands)
{
    const auto options = std::make_shared<DevicesOptions>();
    const auto sub = commands.add("devices", "List the device profiles, or the figures of one with their sources",
                                  "  fedgram devices\n"
                                  "  fedgram devices jetson-tx2\n"
                                  "  fedgram devices my-device.json",
                                  devices, options);
    sub.option("id", &options->id, "A device profile: an id, or the path of a .json file").type_name("ID");
    add_json(sub, options->json);
}

}  // namespace fedgram::experiments
