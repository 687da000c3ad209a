async def prefs(press, house):
    return None
