#include "coordinator/checkpoints/lost_work.hpp"

#include <map>

#include "common/run/damaged_file.hpp"
#include "common/run/host_line.hpp"

namespace fedgram::coordinator {

namespace {

/// Without the half line that a crash may leave at the end.
std::string_view whole_lines(std::string_view text) { return text.substr(0, text.rfind('\n') + 1); }

std::vector<run::LedgerLine> readable_lines(std::string_view text, std::vector<std::string>& damage)
{
    std::vector<run::LedgerLine> lines;
    const auto found = run::damage_found([&] {
        while (!text.empty()) {
            const auto end = text.find('\n') + 1;
            for (auto& line : run::parse_ledger(text.substr(0, end), "ledger.jsonl")) lines.push_back(std::move(line));
            text.remove_prefix(end);
        }
    });
    if (found)
        damage.push_back("ledger.jsonl, behind the checkpoint, is damaged; its last " + std::to_string(text.size()) +
                         " bytes are dropped: " + *found);
    return lines;
}

}  // namespace

LostWork lost_work(const run::RunFolder::Tails& tails)
{
    LostWork lost;
    lost.lines = readable_lines(whole_lines(tails.ledger), lost.damage);
    // An update that was refused, or whose round was whole, has its upload in the ledger. So has one that was recorded
    // as lost before, when the run goes on from an older checkpoint.
    std::map<LostWork::Update, std::size_t> in_ledger;
    for (auto& line : lost.lines) {
        line.wasted = true;
        if (line.phase == energy::Phase::upload && line.node) ++in_ledger[{line.training, line.round, *line.node}];
    }
    const auto host = run::parse_host_lines(whole_lines(tails.host));
    if (host.damaged > 0)
        lost.damage.push_back("host.jsonl, behind the checkpoint, has " + std::to_string(host.damaged) +
                              " lines that can't be read");
    for (const auto& line : host.lines) {
        LostWork::Update update{line.training, line.round, line.node};
        if (auto& uploads = in_ledger[update]; uploads > 0)
            --uploads;
        else
            lost.updates.push_back(std::move(update));
    }
    return lost;
}

}  // namespace fedgram::coordinator
