#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/spec/mistakes.hpp"
#include "common/spec/number_range.hpp"

namespace fedgram::spec {

/// How errors are worded. `specification` is for the keys of an experiment, which people write by hand: a misspelt key
/// is answered with the nearest known one. `data` lists the keys that are known.
enum class Wording { data, specification };

/// A JSON object, read key by key. Each getter throws SpecError that names the key's full path, the value and what
/// would be valid; `finish` refuses the keys that nobody asked for. Refers to the JSON: not to outlive it.
///
/// With `mistakes`, which outlives it too, what would be thrown by `read`, `attempt` and `finish` goes there instead,
/// and the target stays as it is: so one pass finds all of an object's mistakes.
class StrictObject {
public:
    /// `path` is how errors name the object: "accounting.link", "v100.json: device"; empty for a whole specification.
    /// Throws if `value` is no object.
    StrictObject(const nlohmann::ordered_json& value, std::string path, Wording wording = Wording::data,
                 Mistakes* mistakes = nullptr);

    // The value of a key that must be there.
    [[nodiscard]] const nlohmann::ordered_json& value(std::string_view key);  ///< whatever it is
    [[nodiscard]] double number(std::string_view key, const NumberRange& range);
    [[nodiscard]] std::uint64_t whole(std::string_view key);     ///< of at least 0
    [[nodiscard]] std::uint32_t whole_32(std::string_view key);  ///< below 2^32
    [[nodiscard]] bool boolean(std::string_view key);
    [[nodiscard]] std::string text(std::string_view key);  ///< not empty
    [[nodiscard]] std::string choice(std::string_view key, std::initializer_list<std::string_view> choices);
    /// One of `words`, as its place among them.
    [[nodiscard]] std::size_t word(std::string_view key, const std::vector<std::string_view>& words);
    [[nodiscard]] const nlohmann::ordered_json& list(std::string_view key);   ///< may be empty
    [[nodiscard]] const nlohmann::ordered_json& array(std::string_view key);  ///< not empty
    [[nodiscard]] StrictObject object(std::string_view key);
    /// An item of the list that stands under the key.
    [[nodiscard]] StrictObject item(std::string_view key, std::size_t index);

    // A key that may be absent.
    [[nodiscard]] bool has(std::string_view key);
    [[nodiscard]] const nlohmann::ordered_json* find(std::string_view key);  ///< nullptr when absent
    /// Whether a value stands there that is to be read. Where null does, there is none: it takes away what `target`
    /// had from elsewhere, and `target` becomes what it is without the key.
    template <class Target>
    [[nodiscard]] bool states(std::string_view key, Target& target, Target without = {})
    {
        if (!has(key)) return false;
        if (!is_null(key)) return true;
        target = std::move(without);
        return false;
    }
    [[nodiscard]] std::optional<double> optional_number(std::string_view key, const NumberRange& range);

    // A key that changes `target` when it is there, and leaves it as it is when not.
    void read(std::string_view key, double& target, const NumberRange& range);
    void read(std::string_view key, std::uint32_t& target, std::uint64_t low);
    void read(std::string_view key, std::uint64_t& target, std::uint64_t low);
    /// Any text without control characters.
    void read(std::string_view key, std::string& target);
    /// A number, or a list of at least one.
    void read(std::string_view key, std::vector<double>& target, const NumberRange& range);
    /// `null` takes the value away.
    void read(std::string_view key, std::optional<std::string>& target);
    void read(std::string_view key, std::optional<double>& target, const NumberRange& range);
    void read(std::string_view key, std::optional<std::uint32_t>& target, std::uint64_t low);
    void read(std::string_view key, std::optional<std::uint64_t>& target, std::uint64_t low);
    /// One of `words`, as its place among them.
    void read(std::string_view key, std::size_t& target, const std::vector<std::string_view>& words);

    // A key that must be there: that it isn't is a mistake among the others.
    void require(std::string_view key);
    void read_text(std::string_view key, std::string& target);  ///< not empty

    /// These keys are known. Nothing is said of them, since what they depend on is wrong.
    void pass_over(std::initializer_list<std::string_view> keys);

    /// Calls `f`, a step of reading that may throw SpecError. Returns whether it found nothing wrong.
    template <class F>
    bool attempt(F&& f) const
    {
        if (mistakes_ != nullptr) return mistakes_->collect(std::forward<F>(f));
        std::forward<F>(f)();
        return true;
    }

    /// Throws for a key that nobody asked for.
    void finish() const;

    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string path_of(std::string_view key) const;
    /// Of an item of the list that stands under the key: "accounting.countries[2]".
    [[nodiscard]] std::string path_of(std::string_view key, std::size_t item) const;
    /// Refuses the key's value, which must be there: `PATH: VALUE is not valid; use EXPECTED`.
    [[noreturn]] void refuse(std::string_view key, std::string_view expected) const;

private:
    [[nodiscard]] bool is_null(std::string_view key) const;
    [[noreturn]] void refuse_missing(std::string_view key) const;
    [[noreturn]] void refuse_unknown(std::string_view key) const;
    [[nodiscard]] double number_in(std::string_view key, const nlohmann::ordered_json& value,
                                   const NumberRange& range) const;
    [[nodiscard]] std::uint64_t whole_in(std::string_view key, const nlohmann::ordered_json& value, std::uint64_t low,
                                         std::uint64_t high) const;
    template <class Target, class... Limits>
    void read_or_null(std::string_view key, std::optional<Target>& target, Limits... limits);

    const nlohmann::ordered_json& object_;
    std::string path_;
    Wording wording_;
    Mistakes* mistakes_;
    std::vector<std::string> asked_;  // each once, in the order of asking
};

/// "PATH: VALUE is not valid; use EXPECTED", as SpecError.
[[noreturn]] void refuse(const std::string& path, const nlohmann::ordered_json& value, std::string_view expected);

/// The words of which a key takes one, as an error offers them: `one of "mean", "median"`.
[[nodiscard]] std::string one_of(const std::vector<std::string_view>& words);

/// A value as an error shows it: JSON, cut short when long.
[[nodiscard]] std::string shown(const nlohmann::ordered_json& value);

}  // namespace fedgram::spec
