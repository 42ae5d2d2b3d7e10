#include <algorithm>
#include <array>
#include <optional>

#include "common/energy/logs/ended_rows.hpp"
#include "common/energy/logs/forms.hpp"
#include "common/energy/logs/log_builder.hpp"
#include "common/energy/logs/log_number.hpp"
#include "common/energy/logs/log_time.hpp"

namespace fedgram::power_logs {

namespace {

constexpr LogTime usual_interval{5};  // turbostat(8), of --interval

/// Where a row is one of these, the summary over all of them has '-' in it.
constexpr std::array<std::string_view, 5> unit_columns{"Package", "Die", "Node", "Core", "CPU"};

constexpr std::string_view time_column = "Time_Of_Day_Seconds";

struct Row {
    LogLine line;
    std::optional<LogTime> at;  ///< nothing: the table bears no times
    std::string_view value;
    std::optional<LogTime> lasted;  ///< "10.003506 sec", as turbostat writes before the table of a command
};

/// What stands between two headings.
using Block = std::vector<Row>;

class Table {
public:
    explicit Table(const PowerLogOptions& options) : wanted_{options.watts_column}, clock_{options.utc_offset} {}

    void take(const LogLine& line)
    {
        const auto fields = words(line.text);
        if (fields.size() == 2 && fields[1] == "sec") {
            lasted_ = LogTime{not_negative_in(line, "sec", fields[0])};
            return;
        }
        if (const auto column = column_in(fields); !column.empty()) {
            columns_ = {fields.begin(), fields.end()};
            column_ = column;
            blocks_.emplace_back();
            return;
        }
        if (columns_.empty()) return;  // what turbostat tells of the machine
        take_row(line, fields);
    }

    [[nodiscard]] const std::string& column() const { return column_; }
    [[nodiscard]] bool holds_joules() const { return column_.ends_with("_J"); }
    [[nodiscard]] bool bears_times() const { return find(time_column).has_value(); }
    [[nodiscard]] const LogClock& clock() const { return clock_; }
    [[nodiscard]] bool has(std::string_view column) const { return find(column).has_value(); }

    /// One row for each interval.
    [[nodiscard]] Block summaries() const
    {
        // Without --Summary the heading comes with each interval, the summary is the first row below it, and as many
        // others follow each time.
        const bool only_first = !has_units() && blocks_.size() > 1 &&
                                std::all_of(blocks_.begin(), blocks_.end() - 1,
                                            [&](const Block& block) { return block.size() == blocks_[0].size(); });
        Block result;
        for (const auto& block : blocks_)
            for (const auto& row : block) {
                result.push_back(row);
                if (only_first) break;
            }
        return result;
    }

private:
    /// The column to read, if the line is a heading.
    [[nodiscard]] std::string column_in(const std::vector<std::string_view>& fields) const
    {
        const auto has_field = [&](std::string_view name) { return std::ranges::find(fields, name) != fields.end(); };
        if (!wanted_.empty()) return has_field(wanted_) ? wanted_ : "";
        if (has_field("PkgWatt")) return "PkgWatt";
        return has_field("Pkg_J") ? "Pkg_J" : "";
    }

    [[nodiscard]] std::optional<std::size_t> find(std::string_view column) const
    {
        const auto found = std::ranges::find(columns_, column);
        if (found == columns_.end()) return std::nullopt;
        return static_cast<std::size_t>(found - columns_.begin());
    }

    [[nodiscard]] bool has_units() const
    {
        return std::ranges::any_of(unit_columns, [&](auto column) { return has(column); });
    }

    void take_row(const LogLine& line, const std::vector<std::string_view>& fields)
    {
        for (const auto column : unit_columns)
            if (const auto unit = find(column); unit && *unit < fields.size() && fields[*unit] != "-") return;
        // Rows of a core's second thread are shorter, but that of the whole machine isn't.
        if (fields.size() < columns_.size() && (has_units() || blocks_.back().empty()))
            line.refuse("has " + std::to_string(fields.size()) + " fields, but there are " +
                        std::to_string(columns_.size()) + " columns");
        if (fields.size() < columns_.size()) return;
        const auto value = *find(column_);
        if (line.open && value + 1 == columns_.size()) line.refuse("ends within " + column_);
        std::optional<LogTime> at;
        if (const auto time = find(time_column)) at = clock_.read(line, time_column, fields[*time]);
        static_cast<void>(not_negative_in(line, column_, fields[value]));
        blocks_.back().push_back({line, at, fields[value], lasted_});
        lasted_.reset();
    }

    std::string wanted_;
    LogClock clock_;
    std::vector<std::string> columns_;
    std::string column_;
    std::vector<Block> blocks_;
    std::optional<LogTime> lasted_;
};

/// A summary as the energy, or mean power, of what ends at `at`.
EndedRow ended_row(const Table& table, const Row& row, LogTime at)
{
    EndedRow ended{row.line, at, {}, {}};
    if (table.holds_joules())
        ended.energy = Joules{number_in(row.line, table.column(), row.value)};
    else
        ended.mean_power = watts_in(row.line, table.column(), row.value);
    return ended;
}

void add_timed(const Table& table, const PowerLogOptions& options, LogBuilder& builder, std::vector<std::string>& notes)
{
    std::vector<EndedRow> rows;
    auto step = options.interval;
    const auto summaries = table.summaries();
    for (const auto& row : summaries) rows.push_back(ended_row(table, row, *row.at));
    if (!step && rows.size() == 1) {
        step = summaries.front().lasted.value_or(usual_interval);
        if (!summaries.front().lasted)
            notes.emplace_back("its only row was taken to be of 5 s, as turbostat writes them");
    }
    add_ended_rows(rows, {}, step, builder, notes);
}

void add_untimed(const Table& table, const PowerLogOptions& options, LogBuilder& builder,
                 std::vector<std::string>& notes)
{
    LogTime reached{};
    bool assumed = false;
    for (const auto& row : table.summaries()) {
        assumed = assumed || (!row.lasted && !options.interval);
        const auto begin = reached;
        reached += row.lasted.value_or(options.interval.value_or(usual_interval));
        builder.add_interval(row.line, interval_of(ended_row(table, row, reached), begin));
    }
    if (assumed) notes.emplace_back("its rows bear no time; they were taken to be 5 s apart, as turbostat writes them");
}

}  // namespace

PowerLog read_turbostat(const std::vector<LogLine>& lines, std::string_view where, const PowerLogOptions& options)
{
    PowerLog log;
    log.form = LogForm::turbostat;
    log.draw = Draw::averaged;
    Table table{options};
    take_lines(lines, log.notes, [&](const LogLine& line) { table.take(line); });
    log.source = table.column();
    log.absolute_time = table.clock().absolute();

    LogBuilder builder;
    if (table.bears_times())
        add_timed(table, options, builder, log.notes);
    else
        add_untimed(table, options, builder, log.notes);
    if (log.source.starts_with("Pkg") && (table.has("RAMWatt") || table.has("RAM_J")))
        log.notes.push_back(log.source + " doesn't hold the memory's energy, which the log has by itself");
    builder.finish(log, where);
    return log;
}

}  // namespace fedgram::power_logs
