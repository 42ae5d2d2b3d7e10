#include "client/connection/failure.hpp"

#include <system_error>

namespace fedgram::client {

Failure failure_of(const std::exception_ptr& error)
{
    using Cause = Failure::Cause;
    try {
        std::rethrow_exception(error);
    } catch (const std::system_error& failed) {
        return {Cause::network, failed.code().message()};
    } catch (const ConnectionLost& lost) {
        return {Cause::lost, lost.what()};
    } catch (const Timeout& timeout) {
        return {Cause::silence, timeout.what()};
    } catch (const ProtocolError& refusal) {
        return {Cause::coordinator, refusal.what()};
    } catch (const SystemError& trouble) {
        return {Cause::machine, trouble.what()};
    } catch (const std::exception& trouble) {
        return {Cause::own, trouble.what()};
    }
}

}  // namespace fedgram::client
