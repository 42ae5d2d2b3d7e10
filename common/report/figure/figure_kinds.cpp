#include "common/report/figure/figure_kinds.hpp"

#include <algorithm>
#include <vector>

#include "common/error/error.hpp"
#include "common/report/figure/accuracy_curves.hpp"
#include "common/report/figure/energy_by_phase.hpp"
#include "common/report/figure/grams_by_country.hpp"
#include "common/text/nearest_names.hpp"

namespace fedgram::report {

const std::array<FigureKind, 6>& figure_kinds()
{
    static const std::array<FigureKind, 6> kinds{
        {{"accuracy-vs-rounds", "accuracy by round, for each training", true, accuracy_by_rounds},
         {"accuracy-vs-joules", "accuracy by energy with PUE and network, for each column of the table", true,
          accuracy_by_joules},
         {"accuracy-vs-gco2e", "accuracy by emissions in the first country, for each column of the table", true,
          accuracy_by_grams},
         {"accuracy-vs-time", "accuracy by virtual time, for each training and device", true, accuracy_by_time},
         {"gco2e-by-country", "the table: emissions with their bands, in each country", false, grams_by_country},
         {"energy-by-phase", "what the energy of each column went to", false, energy_by_phase}}};
    return kinds;
}

const FigureKind& figure_kind(std::string_view name)
{
    const auto& kinds = figure_kinds();
    const auto found = std::ranges::find(kinds, name, &FigureKind::name);
    if (found != kinds.end()) return *found;
    std::vector<std::string> names;
    for (const auto& kind : kinds) names.push_back(kind.name);
    const auto nearest = text::did_you_mean(name, names);
    throw SpecError{"--figure: \"" + std::string{name} + "\" is not known; " + (nearest.empty() ? "" : nearest + " ") +
                    "`fedgram plot --list` has them all"};
}

}  // namespace fedgram::report
