#include "experiments/commands/resolve_command.hpp"

#include <iostream>
#include <memory>

#include "common/files/files.hpp"
#include "common/run/spec_file.hpp"
#include "datasets/sharing/data_cache.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/reducing/run_reductions.hpp"

namespace fedgram::experiments {

int resolve_command(const ResolveOptions& options)
{
    const auto experiment = resolved_specification(options.choice);
    check_reductions(experiment, datasets::load_cached(experiment.data, options.choice.data_folder));
    const auto text = run::spec_text(experiment);
    if (options.out)
        files::write_file(*options.out, text);
    else
        std::cout << text;
    return 0;
}

void add_resolve(CommandSet& commands)
{
    const auto options = std::make_shared<ResolveOptions>();
    const auto sub = commands.add(
        "resolve", "Print a specification with every name and default filled in",
        "  fedgram resolve table4 --out spec.json\n"
        "  fedgram-coordinator --spec spec.json --out results/two-machines --listen 0.0.0.0:7000 --tls certs\n"
        "  fedgram-client --connect first-machine:7000 --nodes 0-9 --tls certs",
        resolve_command, options);
    add_choice(sub, options->choice);
    sub.option("--out", &options->out, "File to write (default: standard output)").type_name("FILE");
}

}  // namespace fedgram::experiments
