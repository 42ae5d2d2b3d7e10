#include "coordinator/trainings/progress.hpp"

#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

#include "common/text/number_text.hpp"

namespace fedgram::coordinator {

namespace {

constexpr std::chrono::milliseconds transient_interval{100};

std::string duration_text(double seconds)
{
    return seconds < 90 ? fmt::format("{:.0f} s", seconds) : fmt::format("{:.0f} min", seconds / 60);
}

}  // namespace

Progress::Progress() : terminal_{::isatty(STDERR_FILENO) == 1} {}

void Progress::say(const std::string& line)
{
    const std::lock_guard lock{mutex_};
    std::fprintf(stderr, "%s%s\n", transient_shown_ ? "\r\033[K" : "", line.c_str());
    transient_shown_ = false;
}

void Progress::evaluated(const std::string& label, std::uint32_t round, std::uint32_t most_rounds, double accuracy,
                         double test_loss, const run::RunningCosts& costs, std::chrono::duration<double> elapsed)
{
    if (!std::exchange(explained_, true))
        say("kJ and gCO2e so far, as in each training's first column of the table: devices (with PUE or waiting) and "
            "network");
    const double most_left = elapsed.count() / round * (most_rounds - round);
    const auto emissions = costs.emissions();
    const auto grams = emissions ? text::significant(emissions->count()) : "unknown";
    say(fmt::format("{:<20} {:>3}/{:<3} accuracy {:.4f}  loss {:.4f}  {:>7.3f} kJ  {} gCO2e ({})  {}, at most {} left",
                    label, round, most_rounds, accuracy, test_loss, costs.operational().count() / 1000, grams,
                    costs.country(), duration_text(elapsed.count()), duration_text(most_left)));
}

void Progress::transient(const std::function<std::string()>& line)
{
    if (!terminal_) return;
    const std::lock_guard lock{mutex_};
    const auto now = std::chrono::steady_clock::now();
    if (now < next_transient_) return;
    next_transient_ = now + transient_interval;
    std::fprintf(stderr, "\r\033[K%s", line().c_str());
    transient_shown_ = true;
}

}  // namespace fedgram::coordinator
