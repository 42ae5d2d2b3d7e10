#include "common/run/checkpoint.hpp"

#include <cstring>
#include <fstream>
#include <iterator>
#include <span>

#include "common/error/error.hpp"
#include "common/files/durable_file.hpp"
#include "common/learning/model/parameters.hpp"
#include "common/spec/parse.hpp"

namespace fedgram::coordinator {

namespace {

using Json = nlohmann::ordered_json;

// FDGCKPT1 | header bytes, 8 | state bytes, 8 | header, JSON | state | SHA-256 of all before in hexadecimal, 64
constexpr std::string_view magic = "FDGCKPT1";
constexpr std::size_t prefix_bytes = 24;
constexpr std::size_t digest_bytes = 64;

constexpr const char* latest_name = "checkpoint.bin";
constexpr const char* previous_name = "checkpoint.previous.bin";

std::string digest(std::string_view bytes) { return learning::sha256_of(std::as_bytes(std::span{bytes})); }

std::string number(std::uint64_t value)
{
    std::string bytes(sizeof value, '\0');
    std::memcpy(bytes.data(), &value, sizeof value);
    return bytes;
}

std::uint64_t number_at(std::string_view bytes, std::size_t position)
{
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data() + position, sizeof value);
    return value;
}

Json header_of(const Checkpoint& checkpoint)
{
    Json header;
    header["spec_sha256"] = checkpoint.spec_sha256;
    header["finished"] = checkpoint.finished;
    header["ends"] = {
        {"rounds", checkpoint.ends.rounds}, {"ledger", checkpoint.ends.ledger}, {"host", checkpoint.ends.host}};
    if (checkpoint.point)
        header["point"] = {{"rounds", checkpoint.point->rounds}, {"record", checkpoint.point->record}};
    return header;
}

Checkpoint read(const std::filesystem::path& path)
{
    std::ifstream stream{path, std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{stream}, {}};
    if (!stream) throw DataError{path.string() + " can't be read"};
    return decode(bytes, path.string());
}

}  // namespace

std::string encode(const Checkpoint& checkpoint)
{
    const auto header = header_of(checkpoint).dump();
    const std::vector<std::byte> none;
    const auto& state = checkpoint.point ? checkpoint.point->state : none;
    std::string bytes{magic};
    bytes += number(header.size()) + number(state.size()) + header;
    bytes.append(reinterpret_cast<const char*>(state.data()), state.size());
    return bytes + digest(bytes);
}

Checkpoint decode(std::string_view bytes, const std::string& where)
{
    if (bytes.size() < prefix_bytes + digest_bytes || !bytes.starts_with(magic))
        throw DataError{where + " is no checkpoint"};
    const auto content = bytes.substr(0, bytes.size() - digest_bytes);
    if (digest(content) != bytes.substr(content.size())) throw DataError{where + " is damaged: its SHA-256 is another"};
    const auto header_bytes = number_at(bytes, magic.size());
    const auto state_bytes = number_at(bytes, magic.size() + sizeof(std::uint64_t));
    const auto room = content.size() - prefix_bytes;
    if (header_bytes > room || state_bytes != room - header_bytes)
        throw DataError{where + " is damaged: its lengths don't fit"};
    try {
        const auto header = spec::parse_json_text(std::string{content.substr(prefix_bytes, header_bytes)}, where);
        Checkpoint checkpoint;
        checkpoint.spec_sha256 = header.at("spec_sha256").get<std::string>();
        checkpoint.finished = header.at("finished").get<std::vector<Json>>();
        const auto& ends = header.at("ends");
        checkpoint.ends = {ends.at("rounds").get<std::uint64_t>(), ends.at("ledger").get<std::uint64_t>(),
                           ends.at("host").get<std::uint64_t>()};
        if (header.contains("point")) {
            const auto& point = header.at("point");
            const auto state = std::as_bytes(std::span{content.substr(prefix_bytes + header_bytes)});
            checkpoint.point = TrainingPoint{
                point.at("rounds").get<std::uint32_t>(), point.at("record"), {state.begin(), state.end()}};
        }
        return checkpoint;
    } catch (const Json::exception& error) {
        throw DataError{where + " is damaged: " + error.what()};
    } catch (const SpecError& error) {
        throw DataError{error.what()};
    }
}

void write_checkpoint(const std::filesystem::path& folder, const Checkpoint& checkpoint)
{
    const auto latest = folder / latest_name;
    std::error_code none_yet;
    const auto bytes = encode(checkpoint);
    const auto temporary = folder / (std::string{latest_name} + ".tmp");
    write_durably(temporary, bytes);
    std::filesystem::rename(latest, folder / previous_name, none_yet);
    rename_durably(temporary, latest);
}

FoundCheckpoint find_checkpoint(const std::filesystem::path& folder)
{
    FoundCheckpoint found;
    for (const auto* name : {latest_name, previous_name}) {
        if (!std::filesystem::exists(folder / name)) continue;
        try {
            found.checkpoint = read(folder / name);
            break;
        } catch (const DataError& error) {
            found.damaged.emplace_back(error.what());
        }
    }
    return found;
}

void drop_latest_checkpoint(const std::filesystem::path& folder)
{
    std::error_code ignored;
    std::filesystem::remove(folder / latest_name, ignored);
}

bool has_checkpoint(const std::filesystem::path& folder)
{
    return std::filesystem::exists(folder / latest_name) || std::filesystem::exists(folder / previous_name);
}

void remove_checkpoints(const std::filesystem::path& folder)
{
    std::error_code ignored;
    // The latest goes last: it alone knows that the run is whole.
    for (const auto* name : {previous_name, latest_name}) std::filesystem::remove(folder / name, ignored);
}

}  // namespace fedgram::coordinator
