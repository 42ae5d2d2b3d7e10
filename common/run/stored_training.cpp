#include "common/run/stored_training.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <map>
#include <stdexcept>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/run/damaged_file.hpp"
#include "common/run/ledger.hpp"
#include "common/run/sealed_file.hpp"
#include "common/spec/parse.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::run {

namespace {

using Json = nlohmann::ordered_json;
using spec::StrictObject;

constexpr std::uint64_t most_nodes = 1'000'000;  // protocol::NodeSet::limit

constexpr SealedForm form{"FDGTRNG", '1', "stored training"};

// Of a run folder ---------------------------------------------------------------------------------------------------

/// What the ledger has of a training, but for what was wasted.
struct LedgerWork {
    std::vector<energy::RoundWork> rounds;  // of its nodes
    std::vector<energy::RoundWork> lost;    // not of all rounds
    std::map<std::uint32_t, energy::Work> aggregations;
    std::map<std::uint32_t, std::vector<energy::Work>> evaluations;  // of the last round, perhaps a second one: the
                                                                     // nodes' own tests
};

LedgerWork ledger_work(const std::filesystem::path& folder, const std::string& label)
{
    LedgerWork work;
    energy::TrainingWorkBuilder nodes;
    read_ledger(folder / "ledger.jsonl", [&](const LedgerLine& line) {
        if (line.training != label || line.wasted) return;
        if (line.node)
            nodes.add(line, line.lost ? energy::Updates::lost : energy::Updates::used);
        else if (line.phase == energy::Phase::aggregate)
            work.aggregations[line.round] = line.work;
        else
            work.evaluations[line.round].push_back(line.work);
    });
    const auto both = nodes.finish();
    work.rounds = both.node_rounds();
    work.lost = both.node_rounds(energy::Updates::lost);
    return work;
}

std::vector<RoundLine> lines_of(const std::filesystem::path& folder, const std::string& label)
{
    const auto path = folder / "rounds.jsonl";
    auto lines = parse_rounds(files::read_file(path), path.string());
    std::erase_if(lines, [&](const RoundLine& line) { return line.training != label; });
    return lines;
}

// As JSON -----------------------------------------------------------------------------------------------------------

/// Distinct Works, by their place in a list: equal nodes do the same, round after round.
class WorkList {
public:
    std::size_t place_of(const energy::Work& work)
    {
        const auto [found, is_new] = places_.try_emplace(numbers(work), list_.size());
        if (is_new) list_.push_back(numbers(work));
        return found->second;
    }

    [[nodiscard]] const Json& json() const { return list_; }

    static std::vector<energy::Work> parse(const Json& list, const StrictObject& object)
    {
        std::vector<energy::Work> works;
        for (const auto& each : list) {
            if (!each.is_array() || each.size() != std::tuple_size_v<Numbers>)
                object.refuse("work", "lists of 7 numbers");
            const auto [samples, steps, flops, memory, kernels, down, up] = each.get<Numbers>();
            works.push_back({samples, steps, flops, memory, kernels, down, up});
        }
        return works;
    }

private:
    using Numbers = std::array<std::uint64_t, 7>;

    static Numbers numbers(const energy::Work& work)
    {
        return {work.samples, work.steps, work.flops, work.memory_bytes, work.kernels, work.bytes_down, work.bytes_up};
    }

    std::map<Numbers, std::size_t> places_;
    Json list_ = Json::array();
};

/// A node's part of a round as one Work: its bytes stand beside what it trained.
energy::Work as_work(const energy::NodeRound& node)
{
    auto work = node.train;
    work.bytes_down = node.bytes_down;
    work.bytes_up = node.bytes_up;
    return work;
}

energy::NodeRound as_round(std::uint32_t node, energy::Work work)
{
    const auto down = std::exchange(work.bytes_down, 0);
    const auto up = std::exchange(work.bytes_up, 0);
    return {node, work, down, up};
}

/// Nodes in a row that did the same: [work, first node, how many].
Json nodes_json(const std::vector<energy::NodeRound>& nodes, WorkList& works)
{
    Json rows = Json::array();
    for (std::size_t i = 0; i < nodes.size();) {
        const auto work = works.place_of(as_work(nodes[i]));
        auto end = i + 1;
        while (end < nodes.size() && nodes[end].node == nodes[end - 1].node + 1 &&
               works.place_of(as_work(nodes[end])) == work)
            ++end;
        rows.push_back({work, nodes[i].node, end - i});
        i = end;
    }
    return rows;
}

// JSON has no NaN and writes null.
double parse_loss(const Json& value)
{
    return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>();
}

Json round_json(const StoredRound& round, WorkList& works)
{
    Json json{{"round", round.number}, {"train_loss", round.train_loss}, {"nodes", nodes_json(round.nodes, works)}};
    if (!round.lost.empty()) json["lost"] = nodes_json(round.lost, works);
    if (round.lost_updates > 0) json["lost_updates"] = round.lost_updates;
    if (round.times) json["times"] = {round.times->waited.count(), round.times->lasted.count()};
    if (round.epsilon) json["epsilon"] = *round.epsilon;
    if (round.aggregation) json["aggregation"] = works.place_of(*round.aggregation);
    if (const auto& evaluation = round.evaluation)
        json["evaluation"] = {{"test_accuracy", evaluation->result.test_accuracy},
                              {"test_loss", evaluation->result.test_loss},
                              {"work", works.place_of(evaluation->work)}};
    return json;
}

/// Reads what this version has written and a SHA-256 has found whole: nlohmann/json's own errors say enough of the
/// rest.
class Parser {
public:
    explicit Parser(std::vector<energy::Work> works) : works_{std::move(works)} {}

    [[nodiscard]] const energy::Work& work(const Json& place) const { return works_.at(place.get<std::size_t>()); }

    [[nodiscard]] StoredRound round(const Json& json) const
    {
        StoredRound round;
        round.number = json.at("round").get<std::uint32_t>();
        round.train_loss = parse_loss(json.at("train_loss"));
        round.nodes = nodes(json.at("nodes"));
        if (json.contains("lost")) round.lost = nodes(json.at("lost"));
        if (json.contains("lost_updates")) round.lost_updates = json.at("lost_updates").get<std::uint32_t>();
        if (json.contains("times")) {
            const auto [waited, lasted] = json.at("times").get<std::array<double, 2>>();
            round.times = {Seconds{waited}, Seconds{lasted}};
        }
        if (json.contains("epsilon")) round.epsilon = json.at("epsilon").get<double>();
        if (json.contains("aggregation")) round.aggregation = work(json.at("aggregation"));
        if (json.contains("evaluation")) {
            const auto& evaluation = json.at("evaluation");
            round.evaluation = {{evaluation.at("test_accuracy").get<double>(), parse_loss(evaluation.at("test_loss"))},
                                work(evaluation.at("work"))};
        }
        return round;
    }

private:
    [[nodiscard]] std::vector<energy::NodeRound> nodes(const Json& rows) const
    {
        std::vector<energy::NodeRound> nodes;
        for (const auto& row : rows) {
            const auto [place, first, count] = row.get<std::array<std::uint64_t, 3>>();
            if (first > most_nodes || count > most_nodes)
                throw DataError{"a node is beyond " + std::to_string(most_nodes)};
            for (std::uint64_t i = 0; i < count; ++i)
                nodes.push_back(as_round(static_cast<std::uint32_t>(first + i), works_.at(place)));
        }
        return nodes;
    }

    std::vector<energy::Work> works_;
};

StoredTraining parse(const Json& header, std::string_view body, const std::string& where)
{
    StrictObject object{header, where};
    StoredTraining training;
    training.key = object.text("key");
    training.result = parse_training_summary(object.value("result"), object.path_of("result"));
    const Parser parser{WorkList::parse(object.value("work"), object)};
    for (const auto& json : object.value("rounds")) {
        auto& round = training.rounds.emplace_back(parser.round(json));
        if (round.evaluation) round.evaluation->result.on = training.result.evaluated_on;
    }
    if (object.has("node_test")) training.node_test = parser.work(object.value("node_test"));
    training.parameters.resize(body.size() / sizeof(float));
    std::memcpy(training.parameters.data(), body.data(), training.parameters.size() * sizeof(float));
    return training;
}

}  // namespace

StoredTraining stored_training(const std::filesystem::path& folder, std::string key, TrainingSummary result,
                               std::vector<float> parameters)
{
    auto work = ledger_work(folder, result.label);
    StoredTraining training{std::move(key), std::move(result), {}, {}, std::move(parameters)};
    const auto lines = lines_of(folder, training.result.label);
    // The ledger has nothing of the nodes of a round that nobody took part in.
    const auto with_nodes = std::ranges::count_if(lines, [](const RoundLine& line) { return line.participants > 0; });
    if (std::cmp_not_equal(work.rounds.size(), with_nodes))
        throw DataError{(folder / "ledger.jsonl").string() + " and rounds.jsonl have other rounds of " +
                        training.result.label};
    for (std::size_t i = 0; i < lines.size(); ++i) {
        StoredRound round{lines[i].round, {}, {}, {}, lines[i].train_loss};
        const auto used = std::ranges::lower_bound(work.rounds, round.number, {}, &energy::RoundWork::round);
        if (used != work.rounds.end() && used->round == round.number) round.nodes = std::move(used->nodes);
        round.lost_updates = lines[i].lost_updates;
        const auto lost = std::ranges::find(work.lost, round.number, &energy::RoundWork::round);
        if (lost != work.lost.end()) round.lost = std::move(lost->nodes);
        round.times = times_of(lines[i]);
        round.epsilon = lines[i].epsilon;
        if (const auto found = work.aggregations.find(round.number); found != work.aggregations.end())
            round.aggregation = found->second;
        const auto& evaluations = work.evaluations[round.number];
        if (lines[i].evaluation) round.evaluation = {*lines[i].evaluation, evaluations.at(0)};
        if (evaluations.size() > (round.evaluation ? 1u : 0u)) training.node_test = evaluations.back();
        training.rounds.push_back(std::move(round));
    }
    return training;
}

std::string encode(const StoredTraining& training)
{
    WorkList works;
    Json header{{"key", training.key}, {"result", to_json(training.result)}, {"rounds", Json::array()}};
    for (const auto& round : training.rounds) header["rounds"].push_back(round_json(round, works));
    if (training.node_test) header["node_test"] = works.place_of(*training.node_test);
    header["work"] = works.json();
    return seal(
        form, header.dump(),
        {reinterpret_cast<const char*>(training.parameters.data()), training.parameters.size() * sizeof(float)});
}

StoredTraining decode_stored_training(std::string_view bytes, const std::string& where)
{
    const auto parts = unseal(form, bytes, where);
    try {
        return of_file([&] {
            return parse(spec::parse_json_text(parts.header, where), parts.body, where + " is damaged: header");
        });
    } catch (const Json::exception& error) {
        throw DataError{where + " is damaged: " + error.what()};
    } catch (const std::out_of_range&) {
        throw DataError{where + " is damaged: a work is missing"};
    }
}

}  // namespace fedgram::run
