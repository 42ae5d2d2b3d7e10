#include "common/carbon/emissions/place_energy.hpp"

#include "common/error/context.hpp"

namespace fedgram::carbon {

std::vector<PlaceEnergy> federated_places(std::span<const energy::TrainingCourse> courses, const Count& count)
{
    std::vector<PlaceEnergy> places;
    for (const auto& course : courses) {
        auto& place = places.emplace_back(PlaceEnergy{count(course.sum), {}});
        for (const auto& round : course.intervals)
            place.load.push_back({round.virtual_time - round.waited, count(round).operational(), round.waited});
    }
    return places;
}

PlaceEnergy centralized_place(const energy::TrainingCourse& course, Pue pue, const Accounting& accounting,
                              std::uint64_t raw_data_bytes)
{
    PlaceEnergy place{centralized_column(course.sum, pue, accounting, raw_data_bytes), {}};
    for (const auto& interval : course.intervals)
        place.load.push_back({interval.virtual_time, centralized_column(interval, pue, accounting, 0).operational()});
    return place;
}

std::vector<LoadInterval> whole_load(std::span<const PlaceEnergy> places)
{
    auto whole = places.front().load;
    for (const auto& place : places.subspan(1))
        for (std::size_t i = 0; i < whole.size(); ++i) whole[i].energy += place.load[i].energy;
    return whole;
}

GramsPerKilowattHour effective_intensity(const GridIntensity& grid, std::span<const LoadInterval> load)
{
    if (!grid.hourly) return grid.intensity;
    return with_context(grid.hourly->name, [&] { return hourly_intensity(grid.hourly->hours, load); });
}

}  // namespace fedgram::carbon
