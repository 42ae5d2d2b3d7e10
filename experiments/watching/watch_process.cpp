#include "experiments/watching/watch_process.hpp"

#include <signal.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace fedgram::experiments {

namespace {

using namespace std::chrono_literals;

constexpr auto last_look = 10s;

std::vector<std::string> arguments(const std::filesystem::path& folder, const WatchTargets& targets)
{
    std::vector<std::string> words{"watch", std::filesystem::absolute(folder).string()};  // no name begins with a dash
    if (!targets.page) words.emplace_back("--no-page");
    if (targets.metrics) words.insert(words.end(), {"--metrics", *targets.metrics});
    if (targets.tensorboard) words.emplace_back("--tensorboard");
    return words;
}

}  // namespace

WatchProcess::WatchProcess(const std::filesystem::path& folder, const WatchTargets& targets)
    : process_{sibling_program("fedgram"), arguments(folder, targets)}
{
}

WatchProcess::~WatchProcess()
{
    process_.send(SIGTERM);
    const auto give_up = std::chrono::steady_clock::now() + last_look;
    while (process_.running() && std::chrono::steady_clock::now() < give_up)
        if (!process_.has_just_ended()) std::this_thread::sleep_for(20ms);
}

}  // namespace fedgram::experiments
