#include "common/carbon/assumptions/region_table.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "common/carbon/grid/intensity_range.hpp"
#include "common/error/error.hpp"
#include "common/text/csv_rows.hpp"
#include "common/text/nearest_names.hpp"
#include "common/text/year_list.hpp"

namespace fedgram::carbon {

namespace {

std::optional<Pue> parse_pue(const text::CsvRow& row, const std::string& where, const std::string& field)
{
    if (field.empty()) return std::nullopt;
    const double number = text::not_negative_number(row, where, "pue", field);
    try {
        return Pue{number};
    } catch (const SpecError& error) {
        text::refuse_line(where, row.line, error.what());
    }
}

bool better(const RegionIntensity& a, const RegionIntensity& b)
{
    if (a.basis != b.basis) return a.basis == "lifecycle";
    return a.year > b.year;
}

}  // namespace

RegionTable RegionTable::parse_csv(std::string_view text, const std::string& where)
{
    constexpr std::array<std::string_view, 10> columns{"provider",      "region", "location", "iso3", "year",
                                                       "gco2e_per_kwh", "basis",  "source",   "pue",  "pue_source"};
    RegionTable table;
    for (const auto& row : text::csv_rows(text, where, columns)) {
        const auto& fields = row.fields;
        const int year = text::whole_number(row, where, "year", fields[4]);
        const auto grams = intensity(row, where, columns[5], fields[5]);
        table.rows_.push_back({fields[0], fields[1], fields[2], fields[3], year, grams, fields[6], fields[7],
                               parse_pue(row, where, fields[8]), fields[9]});
    }
    return table;
}

RegionIntensity RegionTable::find(std::string_view id, const RegionChoice& choice) const
{
    const auto wanted = text::lower(id);
    const RegionIntensity* best = nullptr;
    const RegionIntensity* latest_with_pue = nullptr;
    std::map<std::string, std::set<int>> available;
    for (const auto& row : rows_) {
        if (text::lower(id_of(row)) != wanted) continue;
        available[row.basis].insert(row.year);
        if (row.pue && (latest_with_pue == nullptr || row.year > latest_with_pue->year)) latest_with_pue = &row;
        const bool fits = row.year == choice.year.value_or(row.year) && row.basis == choice.basis.value_or(row.basis);
        if (fits && (best == nullptr || better(row, *best))) best = &row;
    }
    if (available.empty()) throw SpecError{"region \"" + std::string{id} + "\" is unknown; " + nearest(id)};
    if (best == nullptr)
        throw SpecError{"region " + wanted + ": no " + (choice.basis ? *choice.basis + " " : "") + "grid intensity" +
                        (choice.year ? " of " + std::to_string(*choice.year) : "") +
                        "; there is: " + text::year_list(available)};
    auto found = *best;
    if (!found.pue && latest_with_pue != nullptr) {
        found.pue = latest_with_pue->pue;
        found.pue_source = latest_with_pue->pue_source;
    }
    return found;
}

std::vector<RegionIntensity> RegionTable::of_provider(std::string_view provider) const
{
    const auto wanted = text::lower(provider);
    std::set<std::string> providers;
    std::set<std::string> ids;
    for (const auto& row : rows_) {
        providers.insert(row.provider);
        if (text::lower(row.provider) == wanted) ids.insert(id_of(row));
    }
    if (ids.empty()) {
        std::string known;
        for (const auto& name : providers) known += (known.empty() ? "" : ", ") + name;
        throw SpecError{"provider \"" + std::string{provider} + "\" is unknown; use one of " + known};
    }
    std::vector<RegionIntensity> regions;
    for (const auto& id : ids) regions.push_back(find(id));
    return regions;
}

std::string RegionTable::nearest(std::string_view id) const
{
    std::vector<text::Named> known;
    for (const auto& row : rows_) known.push_back({{id_of(row), row.region}, id_of(row)});
    const auto near = text::did_you_mean(id, known);
    return near.empty() ? "use PROVIDER:REGION, such as gcp:europe-west1" : near;
}

std::string id_of(const RegionIntensity& region) { return region.provider + ":" + region.region; }

nlohmann::ordered_json to_json(const RegionIntensity& region)
{
    nlohmann::ordered_json json{{"provider", region.provider},
                                {"region", region.region},
                                {"location", region.location},
                                {"iso3", region.iso3},
                                {"gco2e_per_kwh", region.intensity.count()},
                                {"year", region.year},
                                {"basis", region.basis},
                                {"source", region.source},
                                {"pue", nullptr},
                                {"pue_source", nullptr}};
    if (region.pue) {
        json["pue"] = region.pue->ratio();
        json["pue_source"] = region.pue_source;
    }
    return json;
}

}  // namespace fedgram::carbon
