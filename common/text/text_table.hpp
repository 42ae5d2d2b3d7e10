#pragma once

#include <string>
#include <vector>

namespace fedgram::experiments {

/// A table for people: a heading, rows of as many cells. Cells that are numbers stand to the right.
class TextTable {
public:
    explicit TextTable(std::vector<std::string> heading) : rows_{std::move(heading)} {}

    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

    /// Columns aligned by spaces.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::string markdown() const;

private:
    [[nodiscard]] std::vector<std::size_t> widths() const;
    [[nodiscard]] std::vector<bool> numeric() const;

    std::vector<std::vector<std::string>> rows_;
};

}  // namespace fedgram::experiments
