#include "coordinator/trainings/progress.hpp"

#include <cstdio>
#include <limits>
#include <utility>

namespace fedgram::coordinator {

namespace {

constexpr std::chrono::milliseconds line_interval{100};
constexpr std::chrono::seconds file_interval{1};

}  // namespace

void Progress::say(const std::string& line)
{
    const std::lock_guard lock{mutex_};
    std::fprintf(stderr, "%s%s\n", moving_line_shown_ ? "\r\033[K" : "", line.c_str());
    moving_line_shown_ = false;
}

void Progress::evaluated(const EvaluatedRound& round)
{
    if (!std::exchange(explained_, true))
        say("kJ and gCO2e so far, as in each training's first column of the table: devices (with PUE or waiting) and "
            "network");
    // Where lines don't move they go into a file or a log, which has no width.
    say(evaluation_line(round,
                        terminal_.moves ? command_line::Terminal::width() : std::numeric_limits<std::size_t>::max()));
}

void Progress::goes_on(const run::RunFolder& folder, const std::function<run::RunProgress()>& where)
{
    const std::lock_guard lock{mutex_};
    const auto now = Clock::now();
    if (terminal_.moves && now >= next_line_) {
        next_line_ = now + line_interval;
        // One column stays free: at the last one some terminals begin a new line.
        const auto line = progress_line(where(), command_line::Terminal::width() - 1, terminal_.has_colour);
        std::fprintf(stderr, "\r\033[K%s", line.c_str());
        moving_line_shown_ = true;
    }
    if (now < next_file_) return;
    next_file_ = now + file_interval;
    folder.write(where());
}

}  // namespace fedgram::coordinator
