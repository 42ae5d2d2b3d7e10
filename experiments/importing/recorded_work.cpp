#include "experiments/importing/recorded_work.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/plain_name.hpp"
#include "common/spec/strict_object.hpp"
#include "common/text/csv_records.hpp"
#include "common/text/csv_rows.hpp"
#include "common/text/joined.hpp"

namespace fedgram::experiments {

namespace {

constexpr std::array<std::string_view, 8> required{"training", "round", "node",       "samples",
                                                   "steps",    "flops", "bytes_down", "bytes_up"};
constexpr std::array<std::string_view, 2> of_work{"kernels", "memory_bytes"};
constexpr std::string_view accuracy_column = "test_accuracy";

/// Sums over a training stay whole numbers of 64 bits.
constexpr double most = 9.2e18;

std::vector<std::string> heading_of(std::string_view text, const std::string& where)
{
    text::CsvRecords records{text, where};
    std::vector<std::string_view> fields;
    static_cast<void>(records.next(fields));
    return {fields.begin(), fields.end()};
}

std::vector<std::string_view> known_columns()
{
    std::vector<std::string_view> known{required.begin(), required.end()};
    known.insert(known.end(), of_work.begin(), of_work.end());
    known.push_back(accuracy_column);
    return known;
}

/// The columns of a heading, which must all be known, in the order of `known_columns`.
std::vector<std::string_view> columns_of(const std::vector<std::string>& heading, const std::string& where)
{
    const auto known = known_columns();
    for (const auto& column : heading) {
        if (std::ranges::count(heading, column) > 1)
            text::refuse_line(where, 1, "column " + spec::shown(column) + " stands twice");
        if (std::ranges::count(known, column) == 0)
            text::refuse_line(where, 1,
                              "unknown column " + spec::shown(column) + "; the columns are " + text::joined(known));
    }
    std::vector<std::string_view> columns;
    for (const auto column : known) {
        if (std::ranges::count(heading, column) > 0)
            columns.push_back(column);
        else if (std::ranges::count(required, column) > 0)
            text::refuse_line(where, 1,
                              "no column \"" + std::string{column} + "\"; it needs " + text::joined(required));
    }
    return columns;
}

/// One row, by the names of its columns.
class Row {
public:
    Row(const text::CsvRow& row, std::span<const std::string_view> columns, const std::string& where)
        : row_{row}, columns_{columns}, where_{where}
    {
    }

    [[nodiscard]] std::size_t line() const { return row_.line; }
    [[nodiscard]] bool has(std::string_view column) const { return std::ranges::count(columns_, column) > 0; }

    [[nodiscard]] const std::string& field(std::string_view column) const
    {
        const auto place = std::ranges::find(columns_, column) - columns_.begin();
        return row_.fields[static_cast<std::size_t>(place)];
    }

    /// Digits, or a number as programs of floats write it ("1.5e12"), if it is whole.
    [[nodiscard]] std::uint64_t whole(std::string_view column, std::uint64_t least = 0,
                                      std::uint64_t greatest = static_cast<std::uint64_t>(most)) const
    {
        const auto& text = field(column);
        const char* const end = text.data() + text.size();
        std::uint64_t value = 0;
        auto [stop, error] = std::from_chars(text.data(), end, value);
        if (error != std::errc{} || stop != end) {
            double number = 0;
            const auto read = std::from_chars(text.data(), end, number);
            const bool is_whole =
                read.ec == std::errc{} && read.ptr == end && number >= 0 && number == std::floor(number);
            if (is_whole && number > most) refuse(column, "a whole number of at most 9.2e18");
            if (!is_whole) refuse(column, "a whole number of at least " + std::to_string(least));
            value = static_cast<std::uint64_t>(number);
        }
        if (value < least || value > greatest)
            refuse(column, "a whole number from " + std::to_string(least) + " to " + std::to_string(greatest));
        return value;
    }

    [[nodiscard]] std::optional<double> fraction(std::string_view column) const
    {
        const auto& text = field(column);
        if (text.empty()) return std::nullopt;
        double value = 0;
        const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc{} || stop != text.data() + text.size() || !(value >= 0 && value <= 1))
            refuse(column, "a fraction of 1, as 0.853, or nothing");
        return value;
    }

    [[noreturn]] void refuse(std::string_view column, const std::string& right) const
    {
        text::refuse_line(where_, row_.line,
                          std::string{column} + ": " + spec::shown(field(column)) + " is not valid; use " + right);
    }

    [[noreturn]] void refuse(const std::string& what) const { text::refuse_line(where_, row_.line, what); }

private:
    const text::CsvRow& row_;
    std::span<const std::string_view> columns_;
    const std::string& where_;
};

energy::NodeRound node_round(const Row& row)
{
    constexpr auto greatest_node = std::numeric_limits<std::uint32_t>::max();
    energy::NodeRound node;
    if (!row.field("node").empty()) node.node = static_cast<std::uint32_t>(row.whole("node", 0, greatest_node));
    node.train.samples = row.whole("samples");
    node.train.steps = row.whole("steps");
    node.train.flops = row.whole("flops");
    if (row.has("kernels")) node.train.kernels = row.whole("kernels");
    if (row.has("memory_bytes")) node.train.memory_bytes = row.whole("memory_bytes");
    node.bytes_down = row.whole("bytes_down");
    node.bytes_up = row.whole("bytes_up");
    return node;
}

/// A training that is being read, with where each of its parts stands.
struct Reading {
    RecordedTraining training;
    std::map<std::uint32_t, RecordedRound> rounds;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::size_t> lines;  ///< by round and node
    std::map<std::uint32_t, std::size_t> accuracy_lines;                   ///< by round
    std::map<std::string_view, double> sums;
};

void check_sums(const Row& row, const energy::NodeRound& node, Reading& reading)
{
    const std::pair<std::string_view, std::uint64_t> amounts[] = {{"samples", node.train.samples},
                                                                  {"steps", node.train.steps},
                                                                  {"flops", node.train.flops},
                                                                  {"kernels", node.train.kernels},
                                                                  {"memory_bytes", node.train.memory_bytes},
                                                                  {"bytes_down", node.bytes_down},
                                                                  {"bytes_up", node.bytes_up}};
    for (const auto& [column, amount] : amounts)
        if ((reading.sums[column] += static_cast<double>(amount)) > most)
            row.refuse(std::string{column} + ": the sum over \"" + reading.training.label +
                       "\" goes beyond 9.2e18, which is all that a ledger holds");
}

void take(const Row& row, Reading& reading)
{
    auto& training = reading.training;
    const bool has_node = !row.field("node").empty();
    if (has_node != (training.kind == run::TrainingKind::federated))
        row.refuse("node: \"" + row.field("node") + "\" in \"" + training.label + "\", whose rows above " +
                   (has_node ? "name no node" : "name one") +
                   "; every row of a federated training has a node, none of a centralized one");
    const auto number = static_cast<std::uint32_t>(row.whole("round", 1, std::numeric_limits<std::uint32_t>::max()));
    const auto node = node_round(row);
    if (!has_node && (node.bytes_down > 0 || node.bytes_up > 0))
        row.refuse("bytes_down and bytes_up of a training without nodes must be 0: what it sends is not counted");
    const auto& work = node.train;
    if ((work.samples == 0) != (work.steps == 0) || (work.samples == 0) != (work.flops == 0))
        row.refuse("samples, steps and flops are all 0, where nothing was trained, or none of them is");
    check_sums(row, node, reading);
    const auto [line, is_new] = reading.lines.try_emplace({number, node.node}, row.line());
    if (!is_new)
        row.refuse("\"" + training.label + "\", round " + std::to_string(number) +
                   (has_node ? ", node " + std::to_string(node.node) : "") + " stands in line " +
                   std::to_string(line->second) + " already");
    auto& round = reading.rounds[number];
    round.number = number;
    round.nodes.push_back(node);
    if (!row.has(accuracy_column)) return;
    const auto accuracy = row.fraction(accuracy_column);
    if (!accuracy) return;
    const auto told = reading.accuracy_lines.try_emplace(number, row.line()).first;
    if (round.test_accuracy && *round.test_accuracy != *accuracy)
        row.refuse(accuracy_column,
                   "that of line " + std::to_string(told->second) + ": a round's rows share one test accuracy");
    round.test_accuracy = accuracy;
}

RecordedTraining finished(Reading&& reading, const std::string& where)
{
    std::uint32_t expected = 1;
    for (auto& [number, round] : reading.rounds) {
        if (number != expected)
            throw DataError{where + ": \"" + reading.training.label + "\" has no round " + std::to_string(expected) +
                            ", and goes on to " + std::to_string(number) +
                            "; rounds are 1, 2, 3, ...: a row of zeros stands for one in which nothing was done"};
        ++expected;
        std::ranges::sort(round.nodes, {}, &energy::NodeRound::node);
        reading.training.rounds.push_back(std::move(round));
    }
    return std::move(reading.training);
}

}  // namespace

RecordedWork parse_recorded_work(std::string_view text, const std::string& where)
{
    const auto heading = heading_of(text, where);
    const auto columns = columns_of(heading, where);
    std::vector<Reading> readings;
    for (const auto& fields : text::csv_rows(text, where, columns)) {
        const Row row{fields, columns, where};
        const auto& label = row.field("training");
        auto found = std::ranges::find(readings, label, [](const auto& reading) { return reading.training.label; });
        if (found == readings.end()) {
            if (!spec::is_plain_name(label)) row.refuse("training", std::string{spec::plain_name_words});
            Reading first;
            first.training.label = label;
            first.training.kind =
                row.field("node").empty() ? run::TrainingKind::centralized : run::TrainingKind::federated;
            found = readings.insert(readings.end(), std::move(first));
        }
        take(row, *found);
    }
    if (readings.empty()) throw DataError{where + ": no row below the heading"};
    RecordedWork work;
    for (auto& reading : readings) work.trainings.push_back(finished(std::move(reading), where));
    for (const auto column : of_work)
        if (std::ranges::count(columns, column) == 0) work.lacks.emplace_back(column);
    return work;
}

}  // namespace fedgram::experiments
