#include "experiments/commands/watch.hpp"

#include <limits>
#include <memory>

#include "common/error/error.hpp"
#include "experiments/commands/shared_options.hpp"

namespace fedgram::experiments {

int watch(const WatchOptions& options)
{
    auto targets = options.targets;
    targets.page = !options.no_page;
    if (!targets.any())
        throw SpecError{"--no-page: nobody is left to follow the run for; give --metrics or --tensorboard"};
    check(targets);
    watch_run(options.run, targets, static_cast<std::uint16_t>(options.port));
    return 0;
}

void add_watch(CommandSet& commands)
{
    const auto options = std::make_shared<WatchOptions>();
    const auto sub = commands.add("watch", "Follow a run on a page of this machine while it goes on; Ctrl-C ends it",
                                  "  fedgram watch results/mine\n"
                                  "  fedgram watch results/mine --port 8080\n"
                                  "  fedgram watch results/mine --no-page --metrics 127.0.0.1:9400\n"
                                  "fedgram run --watch does the same from a run's first second on.",
                                  watch, options);
    add_run_folder(sub, options->run);
    const auto port = sub.option("--port", &options->port, "Port of the page; 0 takes a free one")
                          .between(0u, std::uint32_t{std::numeric_limits<std::uint16_t>::max()})
                          .shows_default();
    sub.flag("--no-page", &options->no_page, "Serve no page").excludes(port);
    add_watch_targets(sub, options->targets);
}

}  // namespace fedgram::experiments
