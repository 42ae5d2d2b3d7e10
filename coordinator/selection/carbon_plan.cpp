#include "coordinator/selection/carbon_plan.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <queue>
#include <tuple>

#include "common/error/error.hpp"
#include "common/random/portable_math.hpp"
#include "coordinator/selection/virtual_hours.hpp"

namespace fedgram::coordinator {

namespace {

constexpr std::uint16_t unknown = std::numeric_limits<std::uint16_t>::max();

double power(double x, double exponent) { return x > 0 ? portable::exp(exponent * portable::log(x)) : 0; }

/// A node's next hour. Of two the greater is taken first.
struct Candidate {
    double gain_per_gram = 0;
    std::uint32_t taken = 0;
    std::uint32_t node = 0;

    friend bool operator<(const Candidate& a, const Candidate& b)
    {
        return std::tuple{a.gain_per_gram, b.taken, b.node} < std::tuple{b.gain_per_gram, a.taken, a.node};
    }
};

}  // namespace

/// What is known of the nodes only while the plan is made.
struct CarbonPlan::Books {
    std::vector<double> joules{};  // by node
    std::vector<double> worth{};   // by node, of the hours that it has, in grams
    GramsCO2e dearest{};           // round of any node in any hour
};

CarbonPlan::CarbonPlan(const spec::Selection& rule, const NodeFacts& nodes, const std::string& path)
    : nodes_{nodes},
      window_{rule.window_hours},
      final_{rule.final_rounds},
      left_{rule.max_grams},
      places_(nodes.places()),
      taken_(nodes.nodes()),
      used_(rule.window_hours)
{
    read_places();
    auto books = open_books();
    pay_for_final_hours(books, path);
    take_greedily(books, rule);
    if (std::ranges::find(used_, true) == used_.end())
        throw SpecError{
            fmt::format("{}.max_grams: {} is less than any round of a node takes; use more", path, rule.max_grams)};
}

GramsCO2e CarbonPlan::cost(double joules, std::uint32_t place, std::uint32_t hour) const
{
    return Joules{joules} * GramsPerKilowattHour{places_[place].intensity[hour]};
}

void CarbonPlan::read_places()
{
    for (std::uint32_t p = 0; p < places_.size(); ++p) {
        auto& place = places_[p];
        place.rank.assign(window_, unknown);
        for (std::uint32_t hour = 0; hour < window_; ++hour) {
            const auto known = nodes_.intensity(p, start_of(hour));
            place.intensity.push_back(known ? known->count() : std::numeric_limits<double>::quiet_NaN());
            if (known && !is_final(hour)) place.by_intensity.push_back(static_cast<std::uint16_t>(hour));
        }
        std::ranges::sort(place.by_intensity, {}, [&](auto hour) { return std::pair{place.intensity[hour], hour}; });
        for (std::size_t i = 0; i < place.by_intensity.size(); ++i)
            place.rank[place.by_intensity[i]] = static_cast<std::uint16_t>(i);
    }
}

CarbonPlan::Books CarbonPlan::open_books() const
{
    Books books;
    books.worth.resize(nodes_.nodes());
    books.joules.reserve(nodes_.nodes());
    std::vector<double> most(places_.size());  // joules of a node there
    for (std::uint32_t node = 0; node < nodes_.nodes(); ++node) {
        books.joules.push_back(nodes_.joules(node).count());
        auto& there = most[nodes_.place(node)];
        there = std::max(there, books.joules.back());
    }
    for (std::uint32_t place = 0; place < places_.size(); ++place)
        for (std::uint32_t hour = 0; hour < window_; ++hour)
            if (!std::isnan(places_[place].intensity[hour]))
                books.dearest = std::max(books.dearest, cost(most[place], place, hour));
    return books;
}

void CarbonPlan::pay_for_final_hours(Books& books, const std::string& path)
{
    if (final_ == 0) return;
    GramsCO2e paid{};
    for (std::uint32_t node = 0; node < nodes_.nodes(); ++node)
        for (std::uint32_t hour = window_ - final_; hour < window_; ++hour) {
            if (!has(node, hour)) continue;
            const auto grams = cost(books.joules[node], nodes_.place(node), hour);
            paid += grams;
            books.worth[node] += (books.dearest - grams).count();
            used_[hour] = true;
        }
    if (paid > left_)
        throw SpecError{
            fmt::format("{}.max_grams: {} is less than the {:.6g} g of all nodes' final rounds; use more, or "
                        "fewer final_rounds",
                        path, left_.count(), paid.count())};
    left_ = left_ - paid;
}

void CarbonPlan::take_greedily(Books& books, const spec::Selection& rule)
{
    const auto next_hour = [&](std::uint32_t node) { return places_[nodes_.place(node)].by_intensity[taken_[node]]; };
    const auto cost_of_next = [&](std::uint32_t node) {
        return cost(books.joules[node], nodes_.place(node), next_hour(node));
    };
    std::priority_queue<Candidate> candidates;
    const auto offer = [&](std::uint32_t node) {
        if (taken_[node] == places_[nodes_.place(node)].by_intensity.size()) return;
        const auto grams = cost_of_next(node);
        const double worth = books.worth[node];
        const double gain = power(worth + (books.dearest - grams).count(), rule.alpha) - power(worth, rule.alpha);
        const double per_gram = grams.count() > 0 ? gain / grams.count() : std::numeric_limits<double>::infinity();
        candidates.push({per_gram, taken_[node], node});
    };
    for (std::uint32_t node = 0; node < nodes_.nodes(); ++node) offer(node);
    while (!candidates.empty()) {
        const auto node = candidates.top().node;
        candidates.pop();
        const auto grams = cost_of_next(node);
        if (grams > left_) {
            if (rule.beyond_cap == spec::BeyondCap::stop) return;
            continue;  // the node's other hours cost more
        }
        left_ = left_ - grams;
        books.worth[node] += (books.dearest - grams).count();
        used_[next_hour(node)] = true;
        ++taken_[node];
        offer(node);
    }
}

bool CarbonPlan::has(std::uint32_t node, std::uint32_t hour) const
{
    if (hour >= window_) return false;
    const auto& place = places_[nodes_.place(node)];
    return is_final(hour) ? !std::isnan(place.intensity[hour]) : place.rank[hour] < taken_[node];
}

std::optional<std::uint32_t> CarbonPlan::next(std::uint64_t hour) const
{
    for (; hour < window_; ++hour)
        if (used_[hour]) return static_cast<std::uint32_t>(hour);
    return std::nullopt;
}

}  // namespace fedgram::coordinator
