#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace fedgram::spec {

/// What a number may be, and how an error says so.
struct Range {
    bool (*contains)(double);
    std::string_view words;
};

inline constexpr Range any_number{[](double) { return true; }, "a number"};
inline constexpr Range above_zero{[](double x) { return x > 0; }, "a number greater than 0"};
inline constexpr Range zero_or_more{[](double x) { return x >= 0; }, "a number of at least 0"};
inline constexpr Range zero_to_one{[](double x) { return x >= 0 && x <= 1; }, "a number from 0 to 1"};
inline constexpr Range above_zero_to_one{[](double x) { return x > 0 && x <= 1; },
                                         "a number greater than 0 and at most 1"};
inline constexpr Range zero_to_below_one{[](double x) { return x >= 0 && x < 1; }, "a number from 0 to below 1"};
inline constexpr Range zero_to_below_half{[](double x) { return x >= 0 && x < 0.5; }, "a number from 0 to below 0.5"};
inline constexpr Range between_zero_and_one{[](double x) { return x > 0 && x < 1; },
                                            "a number greater than 0 and less than 1"};

/// One object of a spec, being read. Each `read` changes its target when the key is there and leaves it as it is
/// when not; `finish` then refuses the keys that nobody read. Every error is a SpecError that names the key's path,
/// the value and what would be valid.
class Section {
public:
    /// `path` is empty for the whole spec. `value` must outlive the section.
    Section(const nlohmann::ordered_json& value, std::string path);

    [[nodiscard]] bool has(std::string_view key);
    [[nodiscard]] std::string path_of(std::string_view key) const;

    void read(std::string_view key, double& target, const Range& range);
    void read(std::string_view key, std::uint32_t& target, std::uint64_t low);
    void read(std::string_view key, std::uint64_t& target, std::uint64_t low);
    /// Any text without control characters.
    void read(std::string_view key, std::string& target);
    /// A number, or a list of at least one.
    void read(std::string_view key, std::vector<double>& target, const Range& range);
    /// `null` takes the value away.
    void read(std::string_view key, std::optional<std::string>& target);
    void read(std::string_view key, std::optional<double>& target, const Range& range);
    void read(std::string_view key, std::optional<std::uint32_t>& target, std::uint64_t low);
    void read(std::string_view key, std::optional<std::uint64_t>& target, std::uint64_t low);

    /// One of `words`, as its place among them.
    void read(std::string_view key, std::size_t& target, const std::vector<std::string_view>& words);

    /// The key's value, for what is no plain value; an error when it is missing.
    [[nodiscard]] const nlohmann::ordered_json& required(std::string_view key);

    /// `PATH: VALUE is not valid; use WORDS`.
    [[noreturn]] void refuse(std::string_view key, std::string_view words) const;

    void finish() const;

private:
    [[nodiscard]] const nlohmann::ordered_json* find(std::string_view key);
    [[nodiscard]] double number(std::string_view key, const nlohmann::ordered_json& value, const Range& range) const;
    [[nodiscard]] std::uint64_t whole(std::string_view key, const nlohmann::ordered_json& value, std::uint64_t low,
                                      std::uint64_t high) const;
    [[noreturn]] void refuse_unknown(std::string_view key) const;

    const nlohmann::ordered_json& object_;
    std::string path_;
    std::set<std::string, std::less<>> known_;
};

/// A value as an error shows it: JSON, cut short when long.
[[nodiscard]] std::string shown(const nlohmann::ordered_json& value);

/// The candidate that `word` is most likely a misspelling of.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace fedgram::spec
