#include "common/carbon/grid.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <numeric>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/energy/strict_object.hpp"
#include "common/error/error.hpp"

namespace fedgram::carbon {

namespace {

constexpr int default_year = 2024;  // the latest year that every large country has in full

std::string lower(std::string_view text)
{
    std::string result{text};
    for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return result;
}

// Fields of one line; a field may stand in quotes, with quotes doubled inside.
std::vector<std::string> fields_of(std::string_view line)
{
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
            fields.back() += '"';
            ++i;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == ',' && !quoted) {
            fields.emplace_back();
        } else if (c != '\r') {
            fields.back() += c;
        }
    }
    return fields;
}

template <class Number>
std::optional<Number> number_of(const std::string& text)
{
    Number value{};
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return value;
}

// Levenshtein's distance: letters to change, add or leave out.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({change, row[j] + 1, row[j - 1] + 1}));
        }
    }
    return row[b.size()];
}

std::string nearest(const std::vector<GridIntensity>& rows, std::string_view country)
{
    const auto wanted = lower(country);
    std::set<std::pair<std::size_t, std::string>> ranked;
    for (const auto& row : rows)
        ranked.emplace(std::min(distance(wanted, lower(row.name)), distance(wanted, lower(row.iso3))),
                       row.name + " (" + row.iso3 + ")");
    std::string text;
    constexpr int shown = 3;
    int count = 0;
    for (const auto& [far, name] : ranked) {
        if (count == shown || far > std::max<std::size_t>(1, wanted.size() / 2)) break;
        text += (count++ == 0 ? "did you mean " : ", ") + name;
    }
    return count == 0 ? "use an ISO 3166 alpha-3 code or a country's name" : text + "?";
}

}  // namespace

GridTable GridTable::parse_csv(std::string_view text, const std::string& where)
{
    constexpr std::array<std::string_view, 6> wanted{"iso3", "name", "year", "gco2e_per_kwh", "basis", "source"};
    std::array<std::size_t, wanted.size()> column{};
    GridTable table;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto length = std::min(text.find('\n'), text.size());
        const auto fields = fields_of(text.substr(0, length));
        text.remove_prefix(std::min(length + 1, text.size()));
        const auto fail = [&](const std::string& what) {
            throw DataError{where + ":" + std::to_string(number) + ": " + what};
        };
        if (number == 1) {
            for (std::size_t i = 0; i < wanted.size(); ++i) {
                column[i] =
                    static_cast<std::size_t>(std::find(fields.begin(), fields.end(), wanted[i]) - fields.begin());
                if (column[i] == fields.size()) fail("no column \"" + std::string{wanted[i]} + "\"");
            }
            continue;
        }
        if (fields.size() <= *std::max_element(column.begin(), column.end()))
            fail(std::to_string(fields.size()) + " fields are fewer than the heading's");
        const auto year = number_of<int>(fields[column[2]]);
        if (!year) fail("year: \"" + fields[column[2]] + "\" is no whole number");
        const auto grams = number_of<double>(fields[column[3]]);
        if (!grams || !std::isfinite(*grams) || *grams < 0)
            fail("gco2e_per_kwh: \"" + fields[column[3]] + "\" is no number of at least 0");
        table.rows_.push_back({fields[column[0]], fields[column[1]], GramsPerKilowattHour{*grams}, *year,
                               fields[column[4]], fields[column[5]]});
    }
    return table;
}

const GridIntensity& GridTable::find(std::string_view country, const GridChoice& choice) const
{
    const auto wanted = lower(country);
    const GridIntensity* best = nullptr;
    const GridIntensity* known = nullptr;
    std::set<std::string> available;
    for (const auto& row : rows_) {
        if (lower(row.iso3) != wanted && lower(row.name) != wanted) continue;
        known = &row;
        available.insert(row.basis + " " + row.source + " " + std::to_string(row.year));
        if (row.basis != choice.basis || row.source != choice.source) continue;
        const bool fits = choice.year ? row.year == *choice.year : row.year <= default_year;
        if (fits && (best == nullptr || row.year > best->year)) best = &row;
    }
    if (best != nullptr) return *best;
    if (known == nullptr)
        throw SpecError{"country \"" + std::string{country} + "\" is unknown; " + nearest(rows_, country)};
    std::string there;
    for (const auto& text : available) there += (there.empty() ? "" : ", ") + text;
    throw SpecError{
        "country " + known->iso3 + ": no grid intensity for " + choice.basis + " " + choice.source +
        (choice.year ? " " + std::to_string(*choice.year) : " in " + std::to_string(default_year) + " or before") +
        "; there is: " + there};
}

GridIntensity parse_grid_intensity(const nlohmann::ordered_json& json, const std::string& path)
{
    energy::StrictObject object{json, path};
    GridIntensity grid;
    grid.iso3 = object.text("iso3");
    grid.name = object.text("name");
    grid.intensity = GramsPerKilowattHour{object.number("gco2e_per_kwh", energy::not_negative)};
    const auto& year = object.value("year");
    if (!year.is_number_integer() || year < 1900 || year > 2200)
        energy::refuse(object.path_of("year"), year, "a year from 1900 to 2200");
    grid.year = year.get<int>();
    grid.basis = object.text("basis");
    grid.source = object.text("source");
    object.finish();
    return grid;
}

nlohmann::ordered_json to_json(const GridIntensity& grid)
{
    return {{"iso3", grid.iso3}, {"name", grid.name},   {"gco2e_per_kwh", grid.intensity.count()},
            {"year", grid.year}, {"basis", grid.basis}, {"source", grid.source}};
}

}  // namespace fedgram::carbon
