#include "common/run/processes.hpp"

#include <nlohmann/json.hpp>

#include "common/run/damaged_file.hpp"
#include "common/run/format_version.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::run {

namespace {

using Json = nlohmann::ordered_json;
using spec::StrictObject;

constexpr std::uint32_t newest_format = 1;

Processes::Client parse_client(const Json& json, const std::string& path)
{
    StrictObject object{json, path};
    Processes::Client client;
    client.pid = static_cast<pid_t>(object.whole_32("pid"));
    for (const auto& node : object.list("nodes")) {
        if (!node.is_number_unsigned()) object.refuse("nodes", "a list of nodes, whole numbers from 0");
        client.nodes.push_back(node.get<std::uint32_t>());
    }
    object.finish();
    return client;
}

Processes parse(const Json& json, const std::string& where)
{
    StrictObject object{json, where};
    check_format(object, "format", newest_format);
    Processes processes;
    auto coordinator = object.object("coordinator");
    processes.coordinator = static_cast<pid_t>(coordinator.whole_32("pid"));
    processes.address = coordinator.text("address");
    coordinator.finish();
    const auto& clients = object.list("clients");
    for (std::size_t i = 0; i < clients.size(); ++i)
        processes.clients.push_back(parse_client(clients[i], object.path_of("clients", i)));
    object.finish();
    return processes;
}

}  // namespace

Json to_json(const Processes& processes)
{
    Json json{{"format", newest_format},
              {"coordinator", {{"pid", processes.coordinator}, {"address", processes.address}}},
              {"clients", Json::array()}};
    for (const auto& client : processes.clients)
        json["clients"].push_back({{"pid", client.pid}, {"nodes", client.nodes}});
    return json;
}

Processes parse_processes(const Json& json, const std::string& where)
{
    return of_file([&] { return parse(json, where); });
}

}  // namespace fedgram::run
