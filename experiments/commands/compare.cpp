#include "experiments/commands/compare.hpp"

#include <array>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "common/report/compare/compare.hpp"
#include "experiments/commands/command_set.hpp"
#include "experiments/commands/shared_options.hpp"
#include "experiments/lookup/idle_options.hpp"

namespace fedgram::experiments {

int compare(const CompareOptions& options)
{
    const auto before = priced_run(options.run, options.assumptions);
    const auto after = priced_run(options.other, options.assumptions);
    refuse_idle_options(std::array{&before, &after});
    std::cout << (options.json ? report::compare_json(before.table, after.table).dump(2) + "\n"
                               : report::compare(before.table, after.table));
    return 0;
}

void add_compare(CommandSet& commands)
{
    const auto options = std::make_shared<CompareOptions>();
    const auto sub = commands.add("compare", "Show why two runs' cells differ, term by term",
                                  "  fedgram compare results/one-epoch results/five-epochs\n"
                                  "  fedgram compare results/a results/b --countries DEU",
                                  compare, options);
    add_run_folder(sub, options->run);
    add_assumptions(sub, options->assumptions);
    sub.option("other", &options->other, "Folder of the run that is compared with it").required().type_name("DIR");
    add_json(sub, options->json);
}

}  // namespace fedgram::experiments
