#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace fedgram::report {

/// Seven digits, enough to redo a sum by hand, or so many.
[[nodiscard]] std::string digits(double value, int count = 7);

/// "1 step", "16 steps"
[[nodiscard]] std::string amount(std::uint64_t count, const std::string& one);

/// A titled part of a chain: lines of a name, a formula and its result, in columns.
class Section {
public:
    explicit Section(std::string title) : title_{std::move(title)} {}

    void line(const std::string& name, const std::string& text) { lines_.push_back({name, text}); }

    /// Beneath an empty line.
    [[nodiscard]] std::string text() const;

private:
    struct Line {
        std::string name;
        std::string text;
    };
    std::string title_;
    std::vector<Line> lines_;
};

}  // namespace fedgram::report
