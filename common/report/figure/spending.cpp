#include "common/report/figure/spending.hpp"

#include <span>

#include "common/carbon/emissions/place_energy.hpp"

namespace fedgram::report {

std::vector<SpentSoFar> spending(const Table& table, std::size_t column, const run::RunRecord& run)
{
    const auto& priced = table.columns[column];
    const auto& cell = table.cell(0, column);
    const auto& rounds = run.trainings[priced.training].work.rounds;
    // Moving the raw data to a data centre comes first, and is all that its network does.
    std::vector<Joules> energies;
    for (const auto& place : priced.places) energies.push_back(priced.pue ? place.energy.network : Joules{});

    std::vector<SpentSoFar> spent;
    Seconds time;
    for (std::size_t i = 0; i < rounds.size(); ++i) {
        time += priced.places.front().load[i].waited + priced.places.front().load[i].duration;
        auto& now = spent.emplace_back(SpentSoFar{rounds[i].number, time, {}, {}});
        for (std::size_t k = 0; k < priced.places.size(); ++k) {
            const auto load = std::span{priced.places[k].load}.first(i + 1);
            energies[k] += load.back().energy;
            now.energy += energies[k];
            now.emissions += energies[k] * carbon::effective_intensity(table.place(cell, k), load);
        }
    }
    return spent;
}

}  // namespace fedgram::report
