#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fedgram::carbon {

/// A country as people call it.
struct Country {
    std::string iso3;
    std::string iso2;  ///< empty where it has none
    std::string name;
    std::vector<std::string> aliases;  ///< other and former names

    /// "United Kingdom (GBR)".
    [[nodiscard]] std::string shown() const { return name + " (" + iso3 + ")"; }
};

/// The countries by all their codes and names, whether or not a grid intensity is known for them.
class CountryNames {
public:
    /// CSV with a heading; columns iso3, iso2, name and aliases, the last with a ';' between two. `where` names the
    /// text in errors. Throws DataError with the line, also for a name that two countries have.
    [[nodiscard]] static CountryNames parse_csv(std::string_view text, const std::string& where);

    /// By either code, name or alias, compared as text::folded_name does; null where nobody is called so. Valid as
    /// long as this object.
    [[nodiscard]] const Country* find(std::string_view name) const;

private:
    std::vector<Country> countries_;
    std::map<std::string, std::size_t, std::less<>> by_name_;
};

}  // namespace fedgram::carbon
