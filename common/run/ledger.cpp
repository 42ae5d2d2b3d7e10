#include "common/run/ledger.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <string_view>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/run/ledger_keys.hpp"

namespace fedgram::run {

namespace {

using Key = LedgerKey;

constexpr auto& keys = ledger_keys;
constexpr auto key_count = ledger_keys.size();

std::string name_of(Key key) { return std::string{keys[static_cast<std::size_t>(key)]}; }

using energy::Phase;

constexpr std::array phases{Phase::download, Phase::train,    Phase::upload,
                            Phase::idle,     Phase::evaluate, Phase::aggregate};

// Reads one line: a flat object of the keys above, each once, in any order. A hundred thousand lines and more must
// be read while a user waits, and a reader of any JSON takes five times as long.
class LineReader {
public:
    /// `where` and `number` are how errors name the line.
    LineReader(std::string_view text, const std::string& where, std::size_t number)
        : where_{where}, number_{number}, at_{text.data()}, end_{text.data() + text.size()}
    {
    }

    // Sets all of `line`, whose texts keep their memory. Throws DataError with what is wrong.
    void read(LedgerLine& line)
    {
        expect('{');
        do {
            read_value(read_key(), line);
        } while (accept(','));
        expect('}');
        skip_space();
        if (at_ != end_) refuse("text after the object");
        line.has_kernels = seen_[static_cast<std::size_t>(Key::kernels)];
        if (!line.has_kernels) {  // a ledger from before they were counted
            line.work.kernels = 0;
            seen_.set(static_cast<std::size_t>(Key::kernels));
        }
        constexpr auto lost = static_cast<std::size_t>(Key::lost);
        if (!seen_[lost]) line.lost = false;
        seen_.set(lost);
        if (!seen_.all()) {
            std::size_t missing = 0;
            while (seen_[missing]) ++missing;
            refuse("no key \"" + std::string{keys[missing]} + "\"");
        }
    }

private:
    [[noreturn]] void refuse(const std::string& what) const
    {
        throw DataError{where_ + ":" + std::to_string(number_) + ": " + what};
    }

    void skip_space()
    {
        while (at_ != end_ && (*at_ == ' ' || *at_ == '\t' || *at_ == '\r')) ++at_;
    }

    bool accept(char c)
    {
        skip_space();
        if (at_ == end_ || *at_ != c) return false;
        ++at_;
        return true;
    }

    void expect(char c)
    {
        if (!accept(c))
            refuse(at_ == end_ ? "the line is cut off" : std::string{"'"} + *at_ + "' where '" + c + "' should stand");
    }

    // Valid until the next call.
    std::string_view text()
    {
        expect('"');
        const char* const begin = at_;
        bool plain = true;  // ASCII that stands for itself
        for (; at_ != end_ && *at_ != '"'; ++at_) {
            if (*at_ < 0x20 || *at_ > 0x7e || *at_ == '\\') plain = false;
            if (*at_ == '\\' && ++at_ == end_) break;
        }
        if (at_ == end_) refuse("the line is cut off");
        const char* const stop = at_++;
        if (plain) return {begin, stop};
        const auto decoded = nlohmann::json::parse(begin - 1, stop + 1, nullptr, false);
        if (!decoded.is_string()) refuse("a text with an escape, a control character or a byte that JSON doesn't have");
        return decoded_ = decoded.get<std::string>();
    }

    Key read_key()
    {
        const std::string_view key = text();
        expect(':');
        // Nearly always the keys come in our own order.
        const std::size_t found =
            next_ < key_count && keys[next_] == key
                ? next_
                : static_cast<std::size_t>(std::find(keys.begin(), keys.end(), key) - keys.begin());
        if (found == key_count) refuse("unknown key \"" + std::string{key} + "\"");
        if (seen_[found]) refuse("key \"" + std::string{key} + "\" stands twice");
        seen_.set(found);
        next_ = found + 1;
        return static_cast<Key>(found);
    }

    template <class Number>
    Number number(Key key, Number most = std::numeric_limits<Number>::max())
    {
        skip_space();
        Number value{};
        const bool starts_well = at_ != end_ && *at_ >= '0' && *at_ <= '9';  // no sign, no "inf"
        const auto [stop, error] = std::from_chars(at_, end_, value);
        const bool ends_well = stop == end_ || *stop == ',' || *stop == '}' || *stop == ' ';
        if (!starts_well || error != std::errc{} || !ends_well || value > most)
            refuse(name_of(key) + ": \"" +
                   std::string{at_, std::find_if(at_, end_, [](char c) { return c == ',' || c == '}'; })} +
                   "\" is no " + (std::is_integral_v<Number> ? "whole " : "") + "number of at least 0 in range");
        at_ = stop;
        return value;
    }

    std::uint32_t small_number(Key key)
    {
        return static_cast<std::uint32_t>(number<std::uint64_t>(key, std::numeric_limits<std::uint32_t>::max()));
    }

    std::optional<std::uint32_t> node_number()
    {
        skip_space();
        if (at_ == end_ || *at_ != '"') return small_number(Key::node);
        if (const auto word = text(); word != ledger_coordinator)
            refuse("node: \"" + std::string{word} + "\" is neither a number nor \"coordinator\"");
        return std::nullopt;
    }

    Phase phase_name()
    {
        const auto word = text();
        for (const auto known : phases)
            if (name(known) == word) return known;
        refuse("phase: \"" + std::string{word} + "\" is unknown");
    }

    bool boolean(Key key)
    {
        skip_space();
        const std::string_view rest{at_, end_};
        for (const bool value : {false, true})
            if (const std::string_view word = value ? "true" : "false"; rest.starts_with(word)) {
                at_ += word.size();
                return value;
            }
        refuse(name_of(key) + ": neither true nor false");
    }

    void read_value(Key key, LedgerLine& line)
    {
        switch (key) {
            case Key::training:
                line.training = text();
                break;
            case Key::node:
                line.node = node_number();
                break;
            case Key::round:
                line.round = small_number(key);
                break;
            case Key::phase:
                line.phase = phase_name();
                break;
            case Key::samples:
                line.work.samples = number<std::uint64_t>(key);
                break;
            case Key::steps:
                line.work.steps = number<std::uint64_t>(key);
                break;
            case Key::flops:
                line.work.flops = number<std::uint64_t>(key);
                break;
            case Key::memory_bytes:
                line.work.memory_bytes = number<std::uint64_t>(key);
                break;
            case Key::kernels:
                line.work.kernels = number<std::uint64_t>(key);
                break;
            case Key::bytes_down:
                line.work.bytes_down = number<std::uint64_t>(key);
                break;
            case Key::bytes_up:
                line.work.bytes_up = number<std::uint64_t>(key);
                break;
            case Key::seconds:
                line.seconds = Seconds{number<double>(key)};
                break;
            case Key::joules:
                line.joules = Joules{number<double>(key)};
                break;
            case Key::method:
                line.method = text();
                break;
            case Key::boundary:
                line.boundary = text();
                break;
            case Key::provenance:
                line.provenance = text();
                break;
            case Key::wasted:
                line.wasted = boolean(key);
                break;
            case Key::lost:
                line.lost = boolean(key);
                break;
        }
    }

    const std::string& where_;
    std::size_t number_;
    const char* at_;
    const char* end_;
    std::string decoded_;
    std::bitset<key_count> seen_;
    std::size_t next_ = 0;
};

}  // namespace

std::vector<LedgerLine> parse_ledger(std::string_view text, const std::string& where)
{
    std::vector<LedgerLine> lines;
    lines.reserve(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')));
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto length = std::min(text.find('\n'), text.size());
        LineReader{text.substr(0, length), where, number}.read(lines.emplace_back());
        text.remove_prefix(std::min(length + 1, text.size()));
    }
    return lines;
}

void read_ledger(const std::filesystem::path& path, const std::function<void(const LedgerLine&)>& take, LastLine last)
{
    std::array<char, 65536> buffer;
    std::ifstream file;
    file.rdbuf()->pubsetbuf(buffer.data(), buffer.size());
    file.open(path, std::ios::binary);
    if (!file) throw DataError{path.string() + ": can't be opened; it is the ledger of a run folder"};
    const auto where = path.string();
    std::string text;
    LedgerLine line;
    for (std::size_t number = 1; std::getline(file, text); ++number) {
        const bool cut_off = file.eof();  // no newline ends it
        if (cut_off && last == LastLine::may_be_cut_off) return;
        LineReader{text, where, number}.read(line);
        take(line);
    }
    if (file.bad()) throw DataError{path.string() + ": can't be read"};
}

}  // namespace fedgram::run
