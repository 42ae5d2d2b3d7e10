#include "experiments/commands/command_line.hpp"

#include <memory>

#include "experiments/commands/analyze.hpp"
#include "experiments/commands/ask.hpp"
#include "experiments/commands/calibrate.hpp"
#include "experiments/commands/certs.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/compare.hpp"
#include "experiments/commands/completion.hpp"
#include "experiments/commands/coordinates.hpp"
#include "experiments/commands/devices.hpp"
#include "experiments/commands/doctor.hpp"
#include "experiments/commands/explain.hpp"
#include "experiments/commands/export.hpp"
#include "experiments/commands/fleet.hpp"
#include "experiments/commands/grid.hpp"
#include "experiments/commands/import.hpp"
#include "experiments/commands/init.hpp"
#include "experiments/commands/lifecycle.hpp"
#include "experiments/commands/list.hpp"
#include "experiments/commands/load.hpp"
#include "experiments/commands/man.hpp"
#include "experiments/commands/models.hpp"
#include "experiments/commands/partition.hpp"
#include "experiments/commands/plot.hpp"
#include "experiments/commands/reduce.hpp"
#include "experiments/commands/report.hpp"
#include "experiments/commands/reproduce.hpp"
#include "experiments/commands/resolve_command.hpp"
#include "experiments/commands/run.hpp"
#include "experiments/commands/sweep.hpp"
#include "experiments/commands/table.hpp"
#include "experiments/commands/watch.hpp"

namespace fedgram::experiments {

std::optional<std::function<int()>> parse_command_line(int argc, const char* const* argv)
{
    // Lives as long as the command: some tell of the others.
    const auto set =
        std::make_shared<CommandSet>("fedgram", "Weighs centralized against federated training in grams of CO2e",
                                     "Examples:\n"
                                     "  fedgram reproduce table4 --quick     a first table, in under a minute\n"
                                     "  fedgram run my.json --out results/mine\n"
                                     "  fedgram table results/mine --countries DEU,FRA\n"
                                     "`fedgram COMMAND --help` tells more.",
                                     FEDGRAM_VERSION);
    auto& commands = *set;
    add_init(commands);
    add_run(commands);
    add_reproduce(commands);
    add_resolve(commands);
    add_watch(commands);
    add_sweep(commands);
    add_import(commands);
    add_table(commands);
    add_explain(commands);
    add_compare(commands);
    add_ask(commands);
    add_lifecycle(commands);
    add_report(commands);
    add_plot(commands);
    add_list(commands);
    add_partition(commands);
    add_fleet(commands);
    add_models(commands);
    add_coordinates(commands);
    add_reduce(commands);
    add_export(commands);
    add_analyze(commands);
    add_load(commands);
    add_devices(commands);
    add_calibrate(commands);
    add_certs(commands);
    add_grid(commands);
    add_doctor(commands);
    add_completion(commands);
    add_man(commands);
    const auto command = commands.parse(argc, argv);
    if (!command) return std::nullopt;
    return [set, chosen = *command] { return chosen(); };
}

}  // namespace fedgram::experiments
