#include "common/run/digest.hpp"

#include <algorithm>
#include <fstream>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/energy/work/packed_number.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/files/sha256.hpp"
#include "common/run/damaged_file.hpp"
#include "common/run/sealed_file.hpp"
#include "common/spec/parse.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::run {

namespace {

using Json = nlohmann::ordered_json;
using energy::NodeRanges;
using energy::TrainingWork;
using energy::Work;
using spec::StrictObject;

constexpr SealedForm work_form{"FDGDGST", '1', "digest"};
constexpr SealedForm nodes_form{"FDGDGNS", '1', "digest's nodes"};

constexpr const char* work_name = "digest.bin";
constexpr const char* nodes_name = "digest.nodes.bin";
constexpr const char* ledger_name = "ledger.jsonl";

constexpr std::uint64_t tail_bytes = 65'536;

constexpr std::uint64_t Work::*work_numbers[] = {&Work::samples, &Work::steps,      &Work::flops,   &Work::memory_bytes,
                                                 &Work::kernels, &Work::bytes_down, &Work::bytes_up};

/// Packed numbers, one behind the other.
class Writer {
public:
    void number(std::uint64_t number) { energy::append_packed(bytes_, number); }
    void bytes(std::string_view bytes)
    {
        number(bytes.size());
        bytes_ += bytes;
    }
    [[nodiscard]] const std::string& written() const { return bytes_; }

private:
    std::string bytes_;
};

/// The same, read. Refuses what can't be: no count is larger than what is left, so that nothing large is made of a few
/// bytes.
class Reader {
public:
    Reader(std::string_view bytes, const std::string& where) : rest_{bytes}, where_{where} {}

    [[noreturn]] void refuse(const std::string& what) const { throw DataError{where_ + " is damaged: " + what}; }

    std::uint64_t number()
    {
        const auto number = energy::take_packed(rest_);
        if (!number) refuse("it is cut off");
        return *number;
    }

    std::uint32_t below(std::uint64_t limit, const char* what)
    {
        const auto number = this->number();
        if (number >= limit) refuse(std::string{what} + " " + std::to_string(number) + " is out of range");
        return static_cast<std::uint32_t>(number);
    }

    std::size_t count()
    {
        const auto count = number();
        if (count > rest_.size()) refuse("it is cut off");
        return count;
    }

    std::string_view bytes()
    {
        const auto count = this->count();
        const auto bytes = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return bytes;
    }

    void finish() const
    {
        if (!rest_.empty()) refuse("bytes follow its end");
    }

private:
    std::string_view rest_;
    const std::string& where_;
};

// digest.bin ----------------------------------------------------------------------------------------------------------

void write(const std::vector<TrainingWork::Round>& rounds, Writer& out)
{
    out.number(rounds.size());
    std::uint32_t before = 0;
    for (const auto& [number, deal, cohort] : rounds) {
        out.number(number - before);
        out.number(deal);
        out.number(cohort);
        before = number;
    }
}

void write(const TrainingWork& training, Writer& out)
{
    out.number(training.works.size());
    for (const auto& work : training.works)
        for (const auto number : work_numbers) out.number(work.*number);
    out.number(training.deals.size());
    for (const auto& deal : training.deals) {
        out.number(deal.size());
        for (const auto& [work, count] : deal) {
            out.number(work);
            out.number(count);
        }
    }
    write(training.rounds, out);
    out.number(training.own.size());
    for (const auto& [round, phase, work] : training.own) {
        out.number(round);
        out.number(static_cast<std::uint64_t>(phase));
        out.number(work);
    }
}

constexpr std::uint64_t beyond_32_bits = std::uint64_t{1} << 32;

TrainingWork::Deal read_deal(Reader& in, std::size_t works)
{
    TrainingWork::Deal deal(in.count());
    std::uint64_t nodes = 0;
    for (auto& [work, count] : deal) {
        work = in.below(works, "a work");
        count = in.below(NodeRanges::limit + 1, "a count of nodes");
        nodes += count;
    }
    if (nodes > NodeRanges::limit) in.refuse("a round has too many nodes");
    return deal;
}

std::vector<TrainingWork::Round> read_rounds(Reader& in, std::size_t deals)
{
    std::vector<TrainingWork::Round> rounds(in.count());
    std::uint64_t before = 0;
    for (auto& [number, deal, cohort] : rounds) {
        before += in.below(beyond_32_bits, "a round");
        if (before >= beyond_32_bits) in.refuse("a round is out of range");
        number = static_cast<std::uint32_t>(before);
        deal = in.below(deals, "what a round's nodes did,");
        cohort = in.below(beyond_32_bits, "a cohort");
    }
    return rounds;
}

TrainingWork read_training(Reader& in)
{
    TrainingWork training;
    training.works.resize(in.count());
    for (auto& work : training.works)
        for (const auto number : work_numbers) work.*number = in.number();
    training.deals.resize(in.count());
    for (auto& deal : training.deals) deal = read_deal(in, training.works.size());
    training.rounds = read_rounds(in, training.deals.size());
    training.own.resize(in.count());
    for (auto& [round, phase, work] : training.own) {
        round = in.below(beyond_32_bits, "a round");
        phase = static_cast<energy::Phase>(in.below(energy::phase_count, "a phase"));
        work = in.below(training.works.size(), "a work");
    }
    return training;
}

Json stamp_json(const LedgerStamp& stamp)
{
    return {{"ledger_bytes", stamp.bytes}, {"ledger_tail_sha256", stamp.tail_sha256}};
}

LedgerStamp parse_stamp(StrictObject& object)
{
    return {object.whole("ledger_bytes"), object.text("ledger_tail_sha256")};
}

// digest.nodes.bin ----------------------------------------------------------------------------------------------------

void take_cohorts(Reader& in, TrainingWork& training)
{
    training.cohorts.resize(in.count());
    for (auto& cohort : training.cohorts) {
        auto nodes = NodeRanges::parse(in.bytes());
        if (!nodes) in.refuse("a cohort is none");
        cohort = *std::move(nodes);
    }
    for (const auto* const rounds : {&training.rounds, &training.lost})
        for (const auto& round : *rounds) {
            std::uint64_t nodes = 0;
            for (const auto& run : training.deals[round.deal]) nodes += run.count;
            if (round.cohort >= training.cohorts.size() || training.cohorts[round.cohort].size() != nodes)
                in.refuse("round " + std::to_string(round.number) + " has other nodes");
        }
}

// Both ----------------------------------------------------------------------------------------------------------------

template <class Parse>
void parse_sealed(const SealedForm& form, std::string_view bytes, const std::string& where, Parse parse)
{
    const auto parts = unseal(form, bytes, where);
    of_file([&] {
        const auto header = spec::parse_json_text(parts.header, where);
        StrictObject object{header, where + " is damaged: header"};
        Reader body{parts.body, where};
        parse(object, body);
        object.finish();
        body.finish();
    });
}

/// A digest is smaller than its ledger, or small.
std::string read_part(const std::filesystem::path& path, const LedgerStamp& ledger)
{
    constexpr std::uint64_t small = 65'536;
    if (std::filesystem::file_size(path) > ledger.bytes + small) throw DataError{path.string() + " is too large"};
    return files::read_file(path);
}

Digest read_digest(const std::filesystem::path& folder, const LedgerStamp& ledger, NodeNumbers nodes)
{
    const auto path = folder / work_name;
    auto digest = decode_work(read_part(path, ledger), path.string());
    if (digest.ledger != ledger) throw DataError{path.string() + " is of another ledger"};
    const auto nodes_path = folder / nodes_name;
    if (nodes == NodeNumbers::asked_for) take_nodes(read_part(nodes_path, ledger), nodes_path.string(), digest);
    return digest;
}

}  // namespace

LedgerStamp stamp_of(const std::filesystem::path& ledger)
{
    std::ifstream file{ledger, std::ios::binary | std::ios::ate};
    const auto end = file ? static_cast<std::streamoff>(file.tellg()) : -1;
    if (end < 0) throw DataError{ledger.string() + " can't be read"};
    LedgerStamp stamp{static_cast<std::uint64_t>(end), {}};
    std::string tail(std::min(stamp.bytes, tail_bytes), '\0');
    file.seekg(end - static_cast<std::streamoff>(tail.size()));
    if (!file.read(tail.data(), static_cast<std::streamsize>(tail.size())))
        throw DataError{ledger.string() + " can't be read"};
    stamp.tail_sha256 = files::sha256(std::as_bytes(std::span{tail}));
    return stamp;
}

std::string encode_work(const Digest& digest)
{
    auto header = stamp_json(digest.ledger);
    header["wasted_lines"] = digest.work.wasted_lines;
    header["wasted_joules"] = digest.work.wasted.count();
    header["trainings"] = Json::array();
    Writer body;
    // A run without lost updates has the form of those before there were any.
    const bool has_lost =
        std::ranges::any_of(digest.work.trainings, [](const auto& training) { return !training.work.lost.empty(); });
    if (has_lost) header["lost_updates"] = true;
    for (const auto& [label, work] : digest.work.trainings) {
        header["trainings"].push_back(label);
        write(work, body);
        if (has_lost) write(work.lost, body);
    }
    return seal(work_form, header.dump(), body.written());
}

std::string encode_nodes(const Digest& digest)
{
    Writer body;
    for (const auto& training : digest.work.trainings) {
        body.number(training.work.cohorts.size());
        for (const auto& cohort : training.work.cohorts) body.bytes(cohort.bytes());
    }
    return seal(nodes_form, stamp_json(digest.ledger).dump(), body.written());
}

Digest decode_work(std::string_view bytes, const std::string& where)
{
    Digest digest;
    parse_sealed(work_form, bytes, where, [&](StrictObject& header, Reader& body) {
        digest.ledger = parse_stamp(header);
        digest.work.wasted_lines = header.whole("wasted_lines");
        digest.work.wasted = Joules{header.number("wasted_joules", spec::not_negative)};
        const bool has_lost = header.has("lost_updates") && header.boolean("lost_updates");
        for (const auto& label : header.list("trainings")) {
            if (!label.is_string()) header.refuse("trainings", "a list of texts");
            digest.work.trainings.push_back({label.get<std::string>(), read_training(body)});
            auto& work = digest.work.trainings.back().work;
            if (has_lost) work.lost = read_rounds(body, work.deals.size());
        }
    });
    return digest;
}

void take_nodes(std::string_view bytes, const std::string& where, Digest& digest)
{
    parse_sealed(nodes_form, bytes, where, [&](StrictObject& header, Reader& body) {
        if (parse_stamp(header) != digest.ledger) throw DataError{where + " is of another ledger"};
        for (auto& training : digest.work.trainings) take_cohorts(body, training.work);
    });
}

void write_digest(const std::filesystem::path& folder, LedgerWork work)
{
    const Digest digest{stamp_of(folder / ledger_name), std::move(work)};
    files::write_file(folder / nodes_name, encode_nodes(digest));
    files::write_file(folder / work_name, encode_work(digest));
}

void remove_digest(const std::filesystem::path& folder)
{
    std::error_code none;
    for (const auto* name : {work_name, nodes_name}) std::filesystem::remove(folder / name, none);
}

std::optional<LedgerWork> find_digest(const std::filesystem::path& folder, NodeNumbers nodes)
{
    std::error_code unknown;
    if (!std::filesystem::exists(folder / work_name, unknown)) return std::nullopt;
    try {
        return read_digest(folder, stamp_of(folder / ledger_name), nodes).work;
    } catch (const Error&) {
        return std::nullopt;
    } catch (const std::filesystem::filesystem_error&) {
        return std::nullopt;
    }
}

void check_digest(const std::filesystem::path& folder, const LedgerWork& work)
{
    std::error_code unknown;
    const auto path = folder / work_name;
    if (!std::filesystem::exists(path, unknown)) return;
    const auto found = find_digest(folder, NodeNumbers::asked_for);
    if (found && *found == work) return;
    throw DataError{path.string() + (found ? " says something else than " : " is damaged, or of another ledger than ") +
                    (folder / ledger_name).string() +
                    ": one of them has changed since the run wrote it; remove digest.bin to go by the ledger alone"};
}

}  // namespace fedgram::run
