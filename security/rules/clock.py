# ruleid: clock-without-a-zone
now = datetime.now()
# ruleid: clock-without-a-zone
today = date.today()
# ruleid: clock-without-a-zone
then = datetime.fromtimestamp(seconds)
# ok: clock-without-a-zone
now = datetime.now(UTC)
# ok: clock-without-a-zone
then = datetime.fromtimestamp(seconds, UTC)
