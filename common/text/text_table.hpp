#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace fedgram::text {

/// Which columns stand flush right.
enum class FlushRight {
    numbers,           ///< those with numbers alone beneath their heading
    all_but_the_first  ///< whatever they hold
};

/// A table for people, in columns as wide as their widest cell. Widths are counted in characters, not in bytes.
class TextTable {
public:
    explicit TextTable(FlushRight columns = FlushRight::all_but_the_first) : flush_right_{columns} {}
    /// With its first row, and numbers flush right.
    explicit TextTable(std::vector<std::string> heading) : flush_right_{FlushRight::numbers}, rows_{std::move(heading)}
    {
    }

    /// A row of headings on two lines: each is broken at its last ", ".
    void add_headings(const std::vector<std::string>& headings);
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }

    /// Columns aligned by spaces. Each line ends in a newline and in no blank.
    [[nodiscard]] std::string text() const;
    /// The first row is the heading.
    [[nodiscard]] std::string markdown() const;

private:
    [[nodiscard]] std::vector<std::size_t> widths() const;
    [[nodiscard]] std::vector<bool> flush_right(std::size_t columns) const;

    FlushRight flush_right_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace fedgram::text
