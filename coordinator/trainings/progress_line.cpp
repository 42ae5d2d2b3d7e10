#include "coordinator/trainings/progress_line.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "common/text/number_text.hpp"

namespace fedgram::coordinator {

namespace {

constexpr std::size_t bar_width = 12;
constexpr const char* green = "\033[32m";
constexpr const char* plain = "\033[0m";

std::string duration_text(double seconds)
{
    if (seconds < 90) return fmt::format("{:.0f} s", seconds);
    return seconds < 90 * 60 ? fmt::format("{:.0f} min", seconds / 60) : fmt::format("{:.1f} h", seconds / 3600);
}

/// A piece of a line. The greater its rank, the sooner a narrow terminal does without it.
struct Piece {
    std::string text;
    int rank;
};

/// As many pieces as fit, two blanks apart. What is left of the first ones is cut.
std::string fitted(std::vector<Piece> pieces, std::size_t width)
{
    const auto line = [&] {
        std::string joined;
        for (const auto& piece : pieces) joined += (joined.empty() ? "" : "  ") + piece.text;
        return joined;
    };
    while (pieces.size() > 1 && line().size() > width) {
        const auto least = std::ranges::max_element(pieces, {}, &Piece::rank);
        if (least->rank == 0) break;
        pieces.erase(least);
    }
    return line().substr(0, width);
}

/// As much of a label as leaves room for `more` columns.
std::string cut(const std::string& label, std::size_t width, std::size_t more)
{
    return label.substr(0, width > more ? width - more : 0);
}

std::string bar(const run::RunProgress& progress)
{
    const double share = (progress.rounds + progress.of_round) / std::max(1u, progress.most_rounds);
    const auto done = std::min(bar_width, static_cast<std::size_t>(std::floor(share * bar_width)));
    return "[" + std::string(done, '#') + std::string(bar_width - done, '-') + "]";
}

std::string rate_text(double rounds_per_second)
{
    return rounds_per_second >= 1 ? text::significant(rounds_per_second, 2) + " rounds/s"
                                  : text::significant(1 / rounds_per_second, 2) + " s/round";
}

}  // namespace

std::string progress_line(const run::RunProgress& progress, std::size_t width, bool has_colour)
{
    const auto shown_bar = bar(progress);
    auto round = fmt::format("round {}/{}", std::min(progress.rounds + 1, progress.most_rounds), progress.most_rounds);
    auto label = cut(progress.training, width, round.size() + 2);
    std::vector<Piece> pieces{{std::move(label), 0}, {std::move(round), 0}, {shown_bar, 4}};
    if (const auto& nodes = progress.nodes) {
        const auto all = nodes->training + nodes->waiting + nodes->delivered + nodes->lost;
        pieces.push_back({fmt::format("{}/{} nodes", nodes->delivered, all), 2});
    }
    if (const auto rate = progress.rounds_per_second; rate && *rate > 0) pieces.push_back({rate_text(*rate), 3});
    if (const auto left = progress.most_seconds_left())
        pieces.push_back({"at most " + duration_text(*left) + " left", 1});
    auto line = fitted(std::move(pieces), width);
    if (const auto at = line.find(shown_bar); has_colour && at != std::string::npos) {
        const auto done = static_cast<std::size_t>(std::ranges::count(shown_bar, '#'));
        line.insert(at + 1 + done, plain);
        line.insert(at + 1, green);
    }
    return line;
}

std::string evaluation_line(const EvaluatedRound& round, std::size_t width)
{
    const auto grams = round.emissions ? text::significant(round.emissions->count()) : "unknown";
    const auto accuracy = fmt::format("accuracy {:.4f}", round.accuracy);
    const auto count = fmt::format("{}/{} {}", round.round, round.most_rounds, accuracy);
    auto first = fmt::format("{:<20} {:>3}/{:<3} {}", round.label, round.round, round.most_rounds, accuracy);
    if (first.size() > width) first = cut(round.label, width, count.size() + 1) + " " + count;
    std::vector<Piece> pieces{{std::move(first), 0},
                              {fmt::format("loss {:.4f}", round.test_loss), 4},
                              {fmt::format("{:>7.3f} kJ", round.spent.count() / 1000), 2},
                              {fmt::format("{} gCO2e ({})", grams, round.country), 1},
                              {duration_text(round.elapsed.count()), 3}};
    if (round.epsilon) pieces.insert(pieces.begin() + 1, {"epsilon " + text::significant(*round.epsilon), 1});
    if (round.most_seconds_left) pieces.push_back({"at most " + duration_text(*round.most_seconds_left) + " left", 5});
    return fitted(std::move(pieces), width);
}

}  // namespace fedgram::coordinator
