#include "common/energy/work/training_work.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace fedgram::energy {

namespace {

/// A node's part of a round as one Work.
Work as_work(const NodeRound& node)
{
    auto work = node.train;
    work.bytes_down = node.bytes_down;
    work.bytes_up = node.bytes_up;
    return work;
}

NodeRound as_round(std::uint32_t node, Work work)
{
    const auto down = std::exchange(work.bytes_down, 0);
    const auto up = std::exchange(work.bytes_up, 0);
    return {node, work, down, up};
}

Work times(Work work, std::uint64_t count)
{
    for (auto* const number :
         {&work.samples, &work.steps, &work.flops, &work.memory_bytes, &work.kernels, &work.bytes_down, &work.bytes_up})
        *number *= count;
    return work;
}

std::size_t mixed(std::size_t hash, std::uint64_t number)
{
    return (hash ^ number) * 0x9e37'79b9'7f4a'7c15 + (hash >> 29);  // 2^64 over the golden ratio
}

std::size_t hash_of(const Work& work)
{
    std::size_t hash = 0;
    for (const auto number :
         {work.samples, work.steps, work.flops, work.memory_bytes, work.kernels, work.bytes_down, work.bytes_up})
        hash = mixed(hash, number);
    return hash;
}

std::size_t hash_of(const TrainingWork::Deal& deal)
{
    std::size_t hash = 0;
    for (const auto& [work, count] : deal) hash = mixed(mixed(hash, work), count);
    return hash;
}

std::size_t hash_of(const NodeRanges& cohort) { return std::hash<std::string_view>{}(cohort.bytes()); }

/// The place of `piece` in `list`, at whose end it is put where it isn't there yet.
template <class Piece, class Places>
std::uint32_t placed(Piece&& piece, std::vector<std::remove_cvref_t<Piece>>& list, Places& places)
{
    const auto hash = hash_of(piece);
    const auto [begin, end] = places.equal_range(hash);
    for (auto at = begin; at != end; ++at)
        if (list[at->second] == piece) return at->second;
    const auto place = static_cast<std::uint32_t>(list.size());
    places.emplace(hash, place);
    list.push_back(std::forward<Piece>(piece));
    return place;
}

RoundWork expanded(const TrainingWork& training, const TrainingWork::Round& round)
{
    RoundWork work{round.number, {}};
    NodeRanges::Reader ranges{training.cohorts[round.cohort]};
    NodeRange range;
    for (const auto& [place, count] : training.deals[round.deal])
        for (std::uint32_t i = 0; i < count; ++i, ++range.first, --range.count) {
            if (range.count == 0) range = ranges.next().value_or(NodeRange{0, 1});
            work.nodes.push_back(as_round(range.first, training.works[place]));
        }
    return work;
}

bool ascend(std::span<const NodeRound> nodes)
{
    return std::ranges::adjacent_find(nodes, std::ranges::greater_equal{}, &NodeRound::node) == nodes.end();
}

/// Each node once, ascending, with all that it did.
void put_together(std::vector<NodeRound>& nodes)
{
    if (ascend(nodes)) return;
    std::ranges::stable_sort(nodes, {}, &NodeRound::node);
    std::vector<NodeRound> once;
    for (const auto& node : nodes) {
        if (once.empty() || once.back().node != node.node) {
            once.push_back(node);
            continue;
        }
        once.back().train += node.train;
        once.back().bytes_down += node.bytes_down;
        once.back().bytes_up += node.bytes_up;
    }
    nodes = std::move(once);
}

}  // namespace

std::uint32_t TrainingWork::last_round() const
{
    std::uint32_t last = 0;
    for (const auto* const list : {&rounds, &lost})
        if (!list->empty()) last = std::max(last, list->back().number);
    for (const auto& each : own) last = std::max(last, each.round);
    return last;
}

std::vector<std::uint32_t> TrainingWork::numbers() const
{
    std::vector<std::uint32_t> all;
    for (const auto* const list : {&rounds, &lost})
        for (const auto& round : *list) all.push_back(round.number);
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

void TrainingWork::cut_off_behind(std::uint32_t round)
{
    for (auto* const list : {&rounds, &lost})
        std::erase_if(*list, [&](const Round& each) { return each.number > round; });
    std::erase_if(own, [&](const Own& each) { return each.round > round; });
}

Work TrainingWork::trained() const
{
    Work sum;
    for (const auto* const list : {&rounds, &lost})
        for (const auto& round : *list)
            for (const auto& [work, count] : deals[round.deal]) sum += times(works[work], count);
    sum.bytes_down = sum.bytes_up = 0;
    return sum;
}

TrainingWork::Used TrainingWork::used() const
{
    Used used;
    for (const auto& round : rounds)
        for (const auto& [work, count] : deals[round.deal]) {
            used.work += times(works[work], count);
            used.node_rounds += count;
        }
    return used;
}

Work TrainingWork::sum() const
{
    Work sum;
    for (const auto* const list : {&rounds, &lost})
        for (const auto& round : *list)
            for (const auto& [work, count] : deals[round.deal]) sum += times(works[work], count);
    for (const auto& each : own) sum += works[each.work];
    return sum;
}

std::vector<RoundWork> TrainingWork::node_rounds(Updates updates) const
{
    std::vector<RoundWork> all;
    for (const auto& round : updates == Updates::used ? rounds : lost) all.push_back(expanded(*this, round));
    return all;
}

void TrainingWorkBuilder::add(const PhaseWork& line, Updates updates)
{
    if (line.phase == Phase::idle) return;
    const bool a_nodes_share =
        line.node && (line.phase == Phase::download || line.phase == Phase::train || line.phase == Phase::upload);
    if (!a_nodes_share) {
        close();
        built_.own.push_back({line.round, line.phase, place_of(line.work)});
        return;
    }
    if (open_.nodes.empty() || open_.round != line.round || open_updates_ != updates) reopen(line.round, updates);
    if (open_.nodes.empty() || open_.nodes.back().node != *line.node) open_.nodes.emplace_back().node = *line.node;
    auto& node = open_.nodes.back();
    node.bytes_down += line.work.bytes_down;
    node.bytes_up += line.work.bytes_up;
    if (line.phase != Phase::train) return;
    node.train += line.work;
    node.train.bytes_down = node.train.bytes_up = 0;
}

void TrainingWorkBuilder::add(std::uint32_t round, std::span<const NodeRound> nodes, Updates updates)
{
    close();
    if (!nodes.empty() && ascend(nodes)) {
        seal(round, nodes, updates);
        return;
    }
    open_ = {round, {nodes.begin(), nodes.end()}};
    open_updates_ = updates;
    close();
}

TrainingWork TrainingWorkBuilder::finish()
{
    close();
    works_.clear();
    deals_.clear();
    cohorts_.clear();
    return std::exchange(built_, {});
}

// Lines of `round` come next: those of it that came before are taken up again.
void TrainingWorkBuilder::reopen(std::uint32_t round, Updates updates)
{
    close();
    open_.round = round;
    open_updates_ = updates;
    auto& known = rounds(updates);
    const auto found = std::ranges::lower_bound(known, round, {}, &TrainingWork::Round::number);
    if (found == known.end() || found->number != round) return;
    open_ = expanded(built_, *found);
    known.erase(found);
}

void TrainingWorkBuilder::close()
{
    if (open_.nodes.empty()) return;
    put_together(open_.nodes);
    seal(open_.round, open_.nodes, open_updates_);
    open_.nodes.clear();
}

void TrainingWorkBuilder::seal(std::uint32_t number, std::span<const NodeRound> nodes, Updates updates)
{
    TrainingWork::Deal deal;
    NodeRanges cohort;
    NodeRange range;
    for (const auto& node : nodes) {
        const auto work = place_of(as_work(node));
        if (deal.empty() || deal.back().work != work) deal.push_back({work, 0});
        ++deal.back().count;
        if (range.count > 0 && range.first + range.count != node.node) {
            cohort.append(range);
            range = {};
        }
        if (range.count == 0) range.first = node.node;
        ++range.count;
    }
    cohort.append(range);
    const TrainingWork::Round round{number, place_of(std::move(deal)), place_of(std::move(cohort))};
    auto& known = rounds(updates);
    known.insert(std::ranges::upper_bound(known, round.number, {}, &TrainingWork::Round::number), round);
}

std::uint32_t TrainingWorkBuilder::place_of(const Work& work)
{
    if (latest_work_ < built_.works.size() && built_.works[latest_work_] == work) return latest_work_;
    return latest_work_ = placed(work, built_.works, works_);
}

std::uint32_t TrainingWorkBuilder::place_of(TrainingWork::Deal&& deal)
{
    return placed(std::move(deal), built_.deals, deals_);
}

std::uint32_t TrainingWorkBuilder::place_of(NodeRanges&& cohort)
{
    return placed(std::move(cohort), built_.cohorts, cohorts_);
}

TrainingWork training_work(std::span<const PhaseWork> lines)
{
    TrainingWorkBuilder builder;
    for (const auto& line : lines) builder.add(line);
    return builder.finish();
}

}  // namespace fedgram::energy
