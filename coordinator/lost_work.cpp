#include "coordinator/lost_work.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "common/error/error.hpp"

namespace fedgram::coordinator {

LostWork lost_work(const RunFolder::Tails& tails)
{
    LostWork lost;
    lost.lines = energy::parse_ledger(tails.ledger, "ledger.jsonl behind the checkpoint");
    std::set<std::uint32_t> whole_rounds;
    for (const auto& line : lost.lines)
        if (!line.wasted)
            whole_rounds.insert(line.round);
    std::istringstream host{tails.host};
    for (std::string text; std::getline(host, text);) {
        try {
            const auto line = nlohmann::json::parse(text);
            const auto round = line.at("round").get<std::uint32_t>();
            if (!whole_rounds.contains(round))
                lost.nodes.emplace_back(round, line.at("node").get<std::uint32_t>());
        } catch (const nlohmann::json::exception& error) {
            throw DataError{std::string{"host.jsonl behind the checkpoint: "} + error.what()};
        }
    }
    return lost;
}

}  // namespace fedgram::coordinator
