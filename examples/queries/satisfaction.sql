-- Are customers happy with our answers?
--
-- Ratings by the quarter in which they were given, of the question that every survey has.

select
    strftime(created_at, '%Y') || ' Q' || quarter(created_at) as quarter,
    count(*) as ratings,
    round(100 * count(*) filter (mood = 'happy') / count(*), 1) as percent_happy,
    round(100 * count(*) filter (mood = 'neutral') / count(*), 1) as percent_neutral,
    round(100 * count(*) filter (mood = 'unhappy') / count(*), 1) as percent_unhappy
from views.rating_enriched
where mood is not null
group by quarter
order by quarter
