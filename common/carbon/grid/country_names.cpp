#include "common/carbon/grid/country_names.hpp"

#include <array>

#include "common/text/csv_rows.hpp"
#include "common/text/folded_name.hpp"

namespace fedgram::carbon {

namespace {

std::vector<std::string> parts(std::string_view list)
{
    std::vector<std::string> result;
    while (!list.empty()) {
        const auto length = std::min(list.find(';'), list.size());
        result.emplace_back(list.substr(0, length));
        list.remove_prefix(std::min(length + 1, list.size()));
    }
    return result;
}

}  // namespace

CountryNames CountryNames::parse_csv(std::string_view text, const std::string& where)
{
    constexpr std::array<std::string_view, 4> columns{"iso3", "iso2", "name", "aliases"};
    CountryNames names;
    for (const auto& row : text::csv_rows(text, where, columns)) {
        const auto& fields = row.fields;
        for (const std::size_t column : {0U, 2U})
            static_cast<void>(text::filled_text(row, where, columns[column], fields[column]));
        const Country country{fields[0], fields[1], fields[2], parts(fields[3])};
        const auto add = [&](const std::string& name) {
            const auto [known, added] = names.by_name_.try_emplace(text::folded_name(name), names.countries_.size());
            if (!added && known->second != names.countries_.size())
                text::refuse_line(where, row.line,
                                  "\"" + name + "\" is a name of " + names.countries_[known->second].shown() + " too");
        };
        add(country.iso3);
        if (!country.iso2.empty()) add(country.iso2);
        add(country.name);
        for (const auto& alias : country.aliases) add(alias);
        names.countries_.push_back(country);
    }
    return names;
}

const Country* CountryNames::find(std::string_view name) const
{
    const auto found = by_name_.find(text::folded_name(name));
    return found == by_name_.end() ? nullptr : &countries_[found->second];
}

}  // namespace fedgram::carbon
