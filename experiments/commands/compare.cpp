#include "experiments/commands/compare.hpp"

#include <iostream>

#include <nlohmann/json.hpp>

#include "common/report/compare/compare.hpp"

namespace fedgram::experiments {

int compare(const CompareOptions& options)
{
    const auto before = priced_run(options.run, options.assumptions);
    const auto after = priced_run(options.other, options.assumptions);
    std::cout << (options.json ? carbon::compare_json(before.table, after.table).dump(2) + "\n"
                               : carbon::compare(before.table, after.table));
    return 0;
}

}  // namespace fedgram::experiments
