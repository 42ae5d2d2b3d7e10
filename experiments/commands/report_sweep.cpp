#include "experiments/commands/report_sweep.hpp"

#include <iostream>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/report/page/page.hpp"
#include "experiments/commands/page_file.hpp"
#include "experiments/sweep/search_text.hpp"
#include "experiments/sweep/sweep_data.hpp"
#include "experiments/sweep/sweep_file.hpp"

namespace fedgram::experiments {

int report_sweep(const ReportOptions& options)
{
    const auto& folder = options.runs.front();
    if (!options.model_card.empty())
        throw SpecError{"--model-card: a card is of one run's cell; name a run of " + (folder / "runs").string()};
    if (options.assumptions != AssumptionOptions{})
        throw SpecError{folder.string() +
                        " is a sweep, which is reported by its runs' own tables; to price anew, name runs of " +
                        (folder / "runs").string()};
    if (options.html) refuse_unless_page(*options.html);
    const auto plan = read_sweep_file(folder);
    const auto results = read_results(plan, folder);
    const auto search = find_search_result(folder);
    if (plan.is_search() && !search)
        throw DataError{folder.string() +
                        ": this search isn't over; `fedgram sweep` with the same sweep and --out goes on with it"};
    if (options.html) {
        files::write_file(*options.html,
                          report::sweep_page(sweep_data(plan, results, search, folder.string(), FEDGRAM_VERSION)));
        std::cerr << "the report is in " << options.html->string() << "\n";
    } else if (options.json) {
        std::cout
            << sweep_json(plan, results, search).dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace)
            << "\n";
    } else {
        std::cout << sweep_answer(plan, search, results.rows);
    }
    if (!results.lacking.empty() && !plan.is_search())
        std::cerr << "fedgram: " << results.lacking.size() << " of " << expand(plan).size()
                  << " runs are lacking; their logs are in " << (folder / "logs").string() << "\n";
    return 0;
}

}  // namespace fedgram::experiments
