"""The file broker: a message arrives whole, once, in order, and its table of queues survives parallel readers."""

import threading

import pytest
from kombu import Connection, Exchange, Queue

from vault.host import file_broker

file_broker.register()


@pytest.fixture
def connect(tmp_path):
    for name in ("messages", "control"):
        (tmp_path / name).mkdir()
    options = {
        "data_folder_in": str(tmp_path / "messages"),
        "data_folder_out": str(tmp_path / "messages"),
        "control_folder": str(tmp_path / "control"),
    }
    made = []

    def connection() -> Connection:
        made.append(Connection(f"{file_broker.SCHEME}://localhost", transport_options=options))
        return made[-1]

    yield connection
    for one in made:
        one.release()


QUEUE = Queue("work", Exchange("work", type="direct"), routing_key="work")


def test_messages_arrive_in_order_and_once(connect, tmp_path):
    with connect() as connection, connection.SimpleQueue(QUEUE) as queue:
        for number in range(5):
            queue.put({"n": number})
        for number in range(5):
            message = queue.get(timeout=1)
            assert message.payload == {"n": number}
            message.ack()
        with pytest.raises(queue.Empty):
            queue.get_nowait()
    assert list((tmp_path / "messages").iterdir()) == []


def test_many_writers_and_readers_lose_and_double_nothing(connect):
    got, lock = [], threading.Lock()
    with connect() as connection:
        QUEUE(connection.default_channel).declare()
    writers_done = threading.Event()

    def write(start: int) -> None:
        with connect() as connection:
            for number in range(start, start + 40):
                connection.default_channel._put("work", number)

    def read() -> None:
        with connect() as connection:
            channel = connection.default_channel
            while True:
                last_look = writers_done.is_set()
                try:
                    message = channel._get("work")
                except file_broker.Empty:
                    if last_look:
                        return
                    continue
                with lock:
                    got.append(message)

    readers = [threading.Thread(target=read) for _ in range(3)]
    writers = [threading.Thread(target=write, args=(start,)) for start in (0, 40, 80)]
    for thread in readers + writers:
        thread.start()
    for thread in writers:
        thread.join()
    writers_done.set()
    for thread in readers:
        thread.join()
    assert len(got) == len(set(got)) == 120


def test_a_half_written_message_is_never_seen(connect, tmp_path):
    (tmp_path / "messages" / ".1_x.work.msg.abc").write_text('{"half')
    with connect() as connection:
        QUEUE(connection.default_channel).declare()
        assert connection.default_channel._size("work") == 0


def test_queues_bound_at_the_same_time_are_all_known(connect):
    start = threading.Barrier(6)

    def bind(number: int) -> None:
        with connect() as connection:
            start.wait()
            Queue(f"q{number}", Exchange("many", type="direct"), routing_key="r")(connection.default_channel).declare()

    threads = [threading.Thread(target=bind, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with connect() as connection:
        table = connection.default_channel.get_table("many")
    assert sorted(row.queue for row in table) == [f"q{number}" for number in range(6)]
