#include "common/run/method_cost.hpp"

#include <nlohmann/json.hpp>

#include "common/spec/strict_object.hpp"

namespace fedgram::run {

namespace {

using Json = nlohmann::ordered_json;
using spec::StrictObject;

Json work_json(const energy::Work& work, const std::string& counted)
{
    Json json{{"flops", work.flops}, {"memory_bytes", work.memory_bytes}, {"kernels", work.kernels}};
    if (!counted.empty()) json["counted"] = counted;
    return json;
}

energy::Work parse_work(StrictObject object, std::string& counted)
{
    energy::Work work;
    work.flops = object.whole("flops");
    work.memory_bytes = object.whole("memory_bytes");
    work.kernels = object.whole("kernels");
    object.read("counted", counted);
    object.finish();
    return work;
}

Messages parse_messages(StrictObject object)
{
    const Messages messages{object.whole("up"), object.whole("down")};
    object.finish();
    return messages;
}

}  // namespace

Json to_json(const MethodCost& cost)
{
    const auto& words = cost.words;
    Json json{{"name", spec::name(words.method)}, {"what", words.what}, {"source", words.source}};
    if (!words.on_the_wire.empty()) json["bytes"] = words.on_the_wire;
    if (!cost.messages.none()) json["messages"] = {{"up", cost.messages.up}, {"down", cost.messages.down}};
    json["nodes"] = work_json(cost.nodes, words.at_nodes);
    json["coordinator"] = work_json(cost.coordinator, words.at_coordinator);
    return json;
}

MethodCost parse_method_cost(const Json& json, const std::string& path)
{
    StrictObject object{json, path};
    MethodCost cost;
    cost.words.method = static_cast<spec::Method>(object.word("name", spec::method_names()));
    cost.words.what = object.text("what");
    cost.words.source = object.text("source");
    object.read("bytes", cost.words.on_the_wire);
    if (object.has("messages")) cost.messages = parse_messages(object.object("messages"));
    cost.nodes = parse_work(object.object("nodes"), cost.words.at_nodes);
    cost.coordinator = parse_work(object.object("coordinator"), cost.words.at_coordinator);
    object.finish();
    return cost;
}

}  // namespace fedgram::run
