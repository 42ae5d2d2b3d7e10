#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>

#include "common/energy/logs/csv_table.hpp"
#include "common/energy/logs/forms.hpp"
#include "common/energy/logs/labelled_intervals.hpp"
#include "common/energy/logs/log_builder.hpp"
#include "common/energy/logs/log_number.hpp"
#include "common/energy/logs/log_time.hpp"
#include "common/error/error.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::power_logs {

namespace {

constexpr std::array<std::string_view, 3> part_columns{"cpu_energy", "gpu_energy", "ram_energy"};

/// A timestamp is cut to seconds and taken some time after the duration.
constexpr LogTime timestamp_slack{2};

struct Row {
    LogLine line;
    LogTime end{};
    LogTime duration{};
    std::map<std::string, double, std::less<>> kilowatt_hours;  ///< by column
    std::string project;
    std::string run;
};

/// Two rows of one run began together, but for rounding and a wall clock that is corrected meanwhile.
bool began_together(const Row& a, const Row& b)
{
    const auto slack = timestamp_slack + b.duration * 1e-4;
    return std::abs(((a.end - a.duration) - (b.end - b.duration)).count()) <= slack.count();
}

class Rows {
public:
    Rows(const CsvTable& table, const PowerLogOptions& options)
        : table_{table},
          clock_{options.utc_offset},
          timestamp_{table.at("timestamp")},
          duration_{table.at("duration")},
          run_{table.find("run_id")},
          project_{table.find("project_name")},
          country_{table.find("country_iso_code")},
          pue_{table.find("pue")}
    {
    }

    void take(const LogLine& line, const CsvFields& fields)
    {
        if (country_) refuse_shifted(line, fields[*country_]);
        Row row{line, clock_.read(line, "timestamp", fields[timestamp_]), {}, {}, {}, {}};
        row.duration = LogTime{not_negative_in(line, "duration", fields[duration_])};
        for (std::size_t i = 0; i < fields.size(); ++i)
            if (const auto& column = table_.columns()[i]; column.ends_with("_energy") || column == "energy_consumed")
                row.kilowatt_hours[column] = not_negative_in(line, column, fields[i]);
        refuse_wrong_sum(row);
        if (run_) row.run = fields[*run_];
        if (project_) row.project = fields[*project_];
        if (pue_) pue_used_ = std::max(pue_used_, number_of(fields[*pue_]).value_or(1));
        rows_.push_back(std::move(row));
    }

    /// What of the energies is read: the option, else the GPU's where there is any, else all of it.
    [[nodiscard]] std::string column(const std::string& wanted) const
    {
        if (!wanted.empty()) return table_.columns()[table_.at(wanted)];
        const bool has_gpu = std::ranges::any_of(rows_, [](const Row& row) {
            const auto gpu = row.kilowatt_hours.find("gpu_energy");
            return gpu != row.kilowatt_hours.end() && gpu->second > 0;
        });
        return has_gpu ? "gpu_energy" : "energy_consumed";
    }

    [[nodiscard]] std::vector<LabelledInterval> intervals(const std::string& column) const
    {
        // A file of single tasks counts each by itself. Elsewhere the rows of one run count from its start: each holds
        // what the row before held (CodeCarbon's own test of `ci-report` keeps such a file of a real run).
        const bool counts_from_start = !table_.find("task_name");
        std::map<std::string, const Row*> newest;
        std::vector<LabelledInterval> result;
        for (const auto& row : rows_) {
            const auto energy = row.kilowatt_hours.find(column);
            if (energy == row.kilowatt_hours.end()) throw SpecError{"CodeCarbon's " + column + " is no energy"};
            double kilowatt_hours = energy->second;
            LogTime length = row.duration;
            if (counts_from_start && !row.run.empty()) {
                auto& before = newest[row.run];
                if (before) {
                    refuse_other_start(*before, row);
                    length -= before->duration;
                    kilowatt_hours -= before->kilowatt_hours.at(column);
                }
                if (kilowatt_hours < 0) row.line.refuse(column + " is less than its run had used before");
                before = &row;
            }
            if (length <= LogTime{} && kilowatt_hours == 0) continue;
            const EnergyInterval interval{row.end - length, row.end, joules_per_kilowatt_hour * kilowatt_hours};
            result.push_back({row.line, interval, {row.project, row.run}});
        }
        return result;
    }

    void add_notes(PowerLog& log) const
    {
        clock_.add_notes(log.notes);
        if (pue_used_ != 1)
            log.notes.push_back("CodeCarbon was told a PUE of " + text::shortest(pue_used_) +
                                " and multiplies its energies by it; don't apply another");
    }
    [[nodiscard]] bool absolute() const { return clock_.absolute(); }

private:
    /// Versions with other columns wrote into one file: what stands below this one tells whether a row is of another.
    static void refuse_shifted(const LogLine& line, const std::string& country)
    {
        const bool fits =
            country.size() == 3 && std::ranges::all_of(country, [](char c) { return c >= 'A' && c <= 'Z'; });
        if (!country.empty() && !fits)
            line.refuse("country_iso_code: " + in_quotes(country) +
                        " is no country; a CodeCarbon with other columns than the heading's wrote this row");
    }

    static void refuse_wrong_sum(const Row& row)
    {
        const auto total = row.kilowatt_hours.find("energy_consumed");
        if (total == row.kilowatt_hours.end()) return;
        double sum = 0;
        for (const auto part : part_columns) {
            const auto found = row.kilowatt_hours.find(part);
            if (found == row.kilowatt_hours.end()) return;
            sum += found->second;
        }
        constexpr double rounded = 0.05;  // people round such files
        if (std::abs(total->second - sum) > rounded * std::max(total->second, sum))
            row.line.refuse("energy_consumed is " + text::shortest(total->second) +
                            ", but the energies of CPU, GPU and RAM sum to " + text::shortest(sum) +
                            "; a CodeCarbon with other columns than the heading's may have written this row");
    }

    static void refuse_other_start(const Row& before, const Row& row)
    {
        if (!began_together(before, row))
            row.line.refuse("its run began at another time than line " + std::to_string(before.line.number) +
                            " says, so nobody knows whether it holds that line's energy; delete one of them");
    }

    const CsvTable& table_;
    LogClock clock_;
    std::size_t timestamp_;
    std::size_t duration_;
    std::optional<std::size_t> run_;
    std::optional<std::size_t> project_;
    std::optional<std::size_t> country_;
    std::optional<std::size_t> pue_;
    double pue_used_ = 1;
    std::vector<Row> rows_;
};

}  // namespace

PowerLog read_codecarbon(const std::vector<LogLine>& lines, std::string_view where, const PowerLogOptions& options)
{
    PowerLog log;
    log.form = LogForm::codecarbon;
    log.draw = Draw::averaged;
    const CsvTable table{lines};
    Rows rows{table, options};
    table.take_rows(log.notes, [&](const LogLine& line, const CsvFields& fields) { rows.take(line, fields); });
    log.source = rows.column(options.joules_column);
    log.absolute_time = rows.absolute();
    rows.add_notes(log);
    LogBuilder builder;
    add_labelled(rows.intervals(log.source), options.label, timestamp_slack, builder);
    builder.finish(log, where);
    return log;
}

}  // namespace fedgram::power_logs
