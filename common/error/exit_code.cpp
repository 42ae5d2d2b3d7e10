#include "common/error/exit_code.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <new>
#include <sstream>
#include <string>
#include <system_error>

#include "common/error/error.hpp"
#include "common/error/spec_errors.hpp"
#include "common/error/standard_streams.hpp"

namespace fedgram {

namespace {

int report(const char* program, const std::exception& error, int code)
{
    std::string line = error.what();
    std::replace(line.begin(), line.end(), '\n', ' ');
    std::fprintf(stderr, "%s: %s\n", program, line.c_str());
    return code;
}

/// A file system's error without the library's own words: "PATH: why".
SystemError explained(const std::filesystem::filesystem_error& error)
{
    std::error_code gone;
    static_cast<void>(std::filesystem::current_path(gone));
    if (gone) return SystemError{"the current folder can't be used: " + gone.message() + "; change to another one"};
    return SystemError{error.path1().string() + ": " + error.code().message()};
}

int code_of(const char* program, const std::function<int()>& body)
{
    try {
        return body();
    } catch (const Interrupted& stop) {
        return 128 + stop.signal_number;
    } catch (const SpecErrors& errors) {
        std::istringstream lines{errors.what()};
        for (std::string line; std::getline(lines, line);) report(program, SpecError{line}, 2);
        return 2;
    } catch (const SpecError& error) {
        return report(program, error, 2);
    } catch (const DataError& error) {
        return report(program, error, 3);
    } catch (const ProtocolError& error) {
        return report(program, error, 4);
    } catch (const SystemError& error) {
        return report(program, error, 5);
    } catch (const std::filesystem::filesystem_error& error) {
        return report(program, explained(error), 5);
    } catch (const std::bad_alloc&) {
        return report(program,
                      SystemError{"there is not enough memory; free some, raise ulimit -v, or use less data at once"},
                      5);
    } catch (const std::exception& error) {
        return report(program, error, 1);
    }
}

}  // namespace

int exit_code_of(const char* program, const std::function<int()>& body)
{
    hold_standard_streams();
    const int code = code_of(program, body);
    if (output_has_arrived()) return code;
    if (reader_has_gone()) return code != 0 ? code : 128 + SIGPIPE;  // as a shell knows it of other programs
    const int lost =
        report(program, SystemError{"standard output can't be written; choose another place, or free space there"}, 5);
    return code != 0 ? code : lost;
}

}  // namespace fedgram
